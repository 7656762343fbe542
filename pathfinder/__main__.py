"""`python -m pathfinder`: the same as the command `pathfinder`."""

import sys

from pathfinder.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
