"""Put each seeded bug into a copy of the project and show that its tests fail; and that they pass without."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bite.patches import ROOT, bugs

OURS = shutil.ignore_patterns(".git", ".local", ".venv", "__pycache__", ".*_cache")
FAILED = 1  # pytest's own word for it: neither interrupted nor wrongly called


def run(tree: Path, tests: list[str]) -> tuple[int, str]:
    """The exit code of these tests there, and the first that failed."""
    python = str(ROOT / ".venv/bin/python")
    command = [python, "-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider", "-x", *tests]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return done.returncode, failed[0][:150] if failed else done.stderr[-200:].strip()


def main(wanted: list[str]) -> int:
    """0 if the tests of every bug passed without it and failed with it."""
    missed = 0
    with tempfile.TemporaryDirectory(prefix="bite-") as folder:
        tree = Path(folder) / "project"
        shutil.copytree(ROOT, tree, ignore=OURS)
        for bug in bugs():
            if wanted and bug.name not in wanted:
                continue
            without = run(tree, bug.tests)
            bug.put_into(tree)
            with_it = run(tree, bug.tests)
            bug.taken_out_of(tree)
            found = (without[0], with_it[0]) == (0, FAILED)
            missed += not found
            print(f"{'found ' if found else 'MISSED'}  {bug.name}: {with_it[1] or 'passed'}", flush=True)
            if without[0] != 0:
                print(f"        without it: {without[1]}", flush=True)
    print(f"{len(bugs()) if not wanted else len(wanted)} seeded bugs, {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
