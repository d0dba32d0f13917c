"""What a stage found in a recording, kept on this machine so that it is computed once."""
