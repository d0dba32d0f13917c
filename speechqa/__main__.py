"""`python -m speechqa`, where the command itself is not on the path."""

import os
import sys

# Python looks for modules in the working folder first, where recordings of strangers may lie and a `numpy.py`
# beside them; the command itself does not. The folder stays where speechqa is itself taken from it.
if __name__ == "__main__" and not sys.flags.safe_path and not __file__.startswith(f"{sys.path[0]}{os.sep}"):
    sys.path.pop(0)

from speechqa.cli.app import main

if __name__ == "__main__":
    main()
