"""`python -m opsloop`."""

import sys

from opsloop.cli import main

if __name__ == "__main__":
    sys.exit(main())
