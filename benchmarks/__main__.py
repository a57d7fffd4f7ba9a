"""`python -m benchmarks [NAME ...]` runs `run()` of each module named, or of all of them. Measures nothing itself."""

import importlib
import sys

NAMES = ("language", "strategies", "validation", "startup", "lint", "check", "fuzz", "plugin")


def main(names: list[str]) -> int:
    """Exit code 2 for an unknown name, 1 where a benchmark misses one of its bars, else 0."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"no benchmark `{unknown[0]}`; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    missed = 0
    for name in names or NAMES:
        missed |= importlib.import_module(f"benchmarks.{name}").run() is False
        print()
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
