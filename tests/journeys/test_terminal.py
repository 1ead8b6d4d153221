"""`manage.py chat`: a person's phone in a terminal, or in a script."""

import subprocess

from config import demo, embedded
from tests.journeys.phone import Phone
from tests.journeys.service import Service


def test_a_script_can_hold_a_persons_phone(service: Service, stranger: Phone) -> None:
    run = subprocess.run(
        [*demo.MANAGE, "chat", "--as", stranger.email],
        cwd=embedded.PROJECT,
        env=service.environment,
        input="hi\nhelp\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert f"You are holding {stranger.number}" in run.stdout
    assert "1. Connect" in run.stdout
    # The same chat is seen on the phone's page.
    assert [entry["view"]["body"] for entry in stranger.chat if entry["from"] == "person"] == ["hi", "help"]
    assert len(stranger.heard) == 2
