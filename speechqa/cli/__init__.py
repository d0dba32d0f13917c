"""The command line: thin commands over library functions, results to stdout, everything else to stderr."""
