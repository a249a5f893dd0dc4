"""`python -m hyper`: the command line.  See `hyper.cli`."""

import sys

from hyper.cli import main

if __name__ == "__main__":
    sys.exit(main())
