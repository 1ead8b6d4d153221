"""`manage.py chat`: a person's phone in a terminal, or in a script."""

import subprocess

from config import demo, embedded
from tests.journeys.phone import Phone
from tests.journeys.service import Service


def typed(phone: Phone, *lines: str) -> str:
    """What the terminal shows to who types these lines."""
    run = subprocess.run(
        [*demo.MANAGE, "chat", "--as", phone.email],
        cwd=embedded.PROJECT,
        env=phone.service.environment,
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert f"You are holding {phone.number}" in run.stdout
    return run.stdout


def test_a_script_can_hold_a_persons_phone(service: Service, stranger: Phone) -> None:
    assert "1. Connect" in typed(stranger, "hi", "help")
    # The same chat is seen on the phone's page.
    assert [entry["view"]["body"] for entry in stranger.chat if entry["from"] == "person"] == ["hi", "help"]
    assert len(stranger.heard) == 2


def test_an_agent_works_from_a_terminal(service: Service, bola: Phone) -> None:
    shown = typed(bola, "menu", "2", "PR-1042")
    assert "2. Inspection slots" in shown
    assert "Inspection times of which property?" in shown
    assert "Its inspection times" in shown
