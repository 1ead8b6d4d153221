"""The seeded bugs, and how one is put into a copy of the project."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Bug:
    """A patch whose head says what is wrong, and which tests find it."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def tests(self) -> list[str]:
        found = re.search(r"^Tests: (.+)$", self.path.read_text(), re.MULTILINE)
        assert found, f"{self.path.name} names no tests"
        return found[1].split()

    def fits(self, tree: Path) -> bool:
        """Whether it can still be applied there."""
        return self._apply(tree, "--check").returncode == 0

    def put_into(self, tree: Path) -> None:
        self._apply(tree).check_returncode()

    def taken_out_of(self, tree: Path) -> None:
        self._apply(tree, "--reverse").check_returncode()

    def _apply(self, tree: Path, *how: str) -> subprocess.CompletedProcess[bytes]:
        # GIT_DIR: a tree that is no repository of its own must not be taken for a part of one around it.
        command = ["git", "apply", *how, str(self.path)]
        return subprocess.run(
            command, cwd=tree, env={"PATH": _path(), "GIT_DIR": "/nowhere"}, capture_output=True
        )


def _path() -> str:
    git = shutil.which("git")
    assert git, "git is needed to apply a patch"
    return str(Path(git).parent)


def bugs() -> list[Bug]:
    return [Bug(path) for path in sorted(FOLDER.glob("*.patch"))]
