"""`python -m hyper.compat`: runs a program with Hyper's engines in it.  See `hyper.compat`."""

import sys

from hyper.compat._run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
