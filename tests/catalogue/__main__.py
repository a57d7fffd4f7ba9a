"""`python -m tests.catalogue [SERVICE ...]`: the kill matrix of the independent catalogue."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.catalogue.defects import SERVICES, catalogue
from tests.catalogue.runner import Runner, rendered


def main() -> int:
    """Check every defect and print what caught it. The exit code is 1 if one survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.catalogue")
    parser.add_argument("services", nargs="*", default=list(SERVICES))
    parser.add_argument("--file", default="defects.txt")
    parser.add_argument("--only", default="", help="a part of the names of the defects to run")
    parser.add_argument("--without-probe", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    verdicts = []
    for service in given.services:
        with tempfile.TemporaryDirectory() as folder:
            started = time.monotonic()
            runner = Runner(service, Path(folder), with_probe=not given.without_probe, seed=given.seed)
            try:
                outcome = runner.outcome()
                print(f"{service}: {outcome.requests} requests, {outcome.seconds:.1f} s; sound:")
                print(
                    *(f"  {finding.severity.value} {finding.message} [{finding.case}]" for finding in outcome.findings),
                    sep="\n",
                )
                print(
                    *(f"  note {note}" for note in outcome.notes),
                    *(f"  skipped {x.case.id}: {x.reason}" for x in outcome.skipped),
                    sep="\n",
                )
                wanted = [each for each in catalogue(given.file) if each.service == service and given.only in each.name]
                verdicts += [runner.verdict(defect) for defect in wanted]
            finally:
                runner.close()
            print(f"{service}: {time.monotonic() - started:.0f} s for {len(wanted)}")
    print(*rendered(verdicts), sep="\n")
    return int(any(not verdict.findings for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
