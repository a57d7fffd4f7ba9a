"""`python -m watchword`: the same as the `watchword` command."""

import sys

from watchword.cli import main

if __name__ == "__main__":
    sys.exit(main())
