"""One run: the stack, the crowd, and what is proved of them after each fault."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.crowd import Crowd, places
from tests.faults.invariants import Evidence, broken
from tests.faults.ledger import Ledger
from tests.faults.stack import Stack, a_stack

BACK = 60.0  # seconds after a fault until nothing is left to do
UNDECIDED = """
SELECT count(*) FROM inspector_whatsapp_outboxmessage WHERE status = 'uncertain'
"""


@dataclass
class Proof:
    """What came of one fault."""

    fault: str
    said: int
    sent: int
    faults: int
    refused: int
    uncertain: int
    seconds: float
    crowded: float
    wrong: list[str]

    def line(self) -> str:
        verdict = "; ".join(self.wrong) or "0"
        return (
            f"| {self.fault} | {self.faults} | {self.said} | {self.sent} | {self.refused} "
            f"| {self.uncertain} | {self.seconds:.1f} | {self.crowded:.1f} | {verdict} |"
        )


HEAD = (
    "| fault | times | said | sent | not taken at once | of unknown fate | s until all was done "
    "| load per processor | broken |\n|---|---|---|---|---|---|---|---|---|"
)


@dataclass
class Run:
    """What runs and who talks to it."""

    stack: Stack
    ledger: Ledger
    crowd: Crowd
    proofs: list[Proof] = field(default_factory=list)
    report: Path | None = None
    besides: Sequence[str] = ()  # invariants that are not asked
    times: int = 0
    told: set[str] = field(default_factory=set)

    def rows(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        with self.stack.database() as connection:
            return connection.execute(sql.encode(), values or None).fetchall()

    def evidence(self) -> Evidence:
        self.ledger.read()
        logs = [*self.stack.logs.glob("*.log"), *self.stack.redis.folder.rglob("*.aof")]
        return Evidence(
            ask=self.rows,
            ledger=self.ledger,
            places=places(self.crowd),
            offsets=self.stack.offsets,
            secrets=list(self.stack.secrets.values()),
            files=[file for file in logs if file.name != "simulator.log"],
            longest=self.stack.transactions.longest,
            query=self.stack.transactions.query,
            crowded=self.stack.transactions.crowded,
        )

    @contextmanager
    def fault(
        self,
        name: str,
        *,
        besides: Sequence[str] = (),
        seconds: float = BACK,
        talk: bool = True,
    ) -> Iterator["Run"]:
        """The crowd talks, the block does its harm; then all must be done in time, and every invariant hold.

        besides: invariants of which this fault says nothing; a stopped database has long transactions.
        """
        said, sent, refused = self.crowd.said, len(self.ledger.accepted), self.ledger.refused
        unknown = self._ever_uncertain()
        self.times = 0
        self.stack.all_up()
        self.stack.transactions.begin()
        if talk:
            self.crowd.talk()
        try:
            yield self
        finally:
            self.crowd.hush()
            self.stack.crash_at.clear()
        self.stack.wish("retry")
        crowded = self.stack.transactions.crowded
        took, wrong = self._broken(seconds=seconds * max(1.0, crowded), besides=besides)
        unfinished = [line for line in wrong if line.startswith("I3 ")]
        if unfinished:  # a message of unknown fate was said again just now: what that brings is under way
            again = self._broken(seconds=seconds * max(1.0, crowded), besides=besides)[1]
            wrong = list(dict.fromkeys([line for line in wrong if line not in unfinished] + again))
        wrong = [line for line in wrong if line not in self.told]  # each is told of the fault that did it
        self.told |= set(wrong)
        proof = Proof(
            fault=name,
            said=self.crowd.said - said,
            sent=len(self.ledger.accepted) - sent,
            faults=self.times or 1,
            refused=self.ledger.refused - refused,
            uncertain=self._ever_uncertain() - unknown,
            seconds=took,
            crowded=crowded,
            wrong=wrong,
        )
        self._tell(proof)
        assert not wrong, "\n".join(wrong)

    def _broken(self, *, seconds: float, besides: Sequence[str]) -> tuple[float, list[str]]:
        """How long it took until all was done, and what does not hold then."""
        took, wrong = seconds, []
        try:  # on a machine with more to do than it can everything takes longer
            took = self.stack.drained(seconds=seconds)
        except AssertionError as late:
            wrong.append(str(late))
        with suppress(AssertionError):
            self.stack.until(lambda: self.stack.ask(UNDECIDED) == 0, what="decision", seconds=0.5)
        return took, wrong + broken(self.evidence(), besides=(*self.besides, *besides))

    def _ever_uncertain(self) -> int:
        sql = "SELECT count(*) FROM inspector_whatsapp_outboxmessage WHERE uncertain_at IS NOT NULL"
        return int(self.stack.ask(sql))

    def _tell(self, proof: Proof) -> None:
        self.proofs.append(proof)
        if self.report is not None:
            head = "" if self.report.exists() else f"{HEAD}\n"
            with self.report.open("a") as file:
                file.write(f"{head}{proof.line()}\n")

    @contextmanager
    def now_and_then(self, act: Callable[[], object], *, seconds: float) -> Iterator[None]:
        """Do it again and again beside the block."""
        over = threading.Event()

        def keep_on() -> None:
            while not over.wait(seconds):
                with suppress(Exception):
                    act()

        thread = threading.Thread(target=keep_on, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(30)

    def lets_die(
        self,
        point: str,
        names: Sequence[str],
        *,
        times: int,
        between: tuple[int, int] = (3, 12),
        seconds: float = 240.0,
    ) -> int:
        """Have these programs die at a point, again and again, until so many have; how many did."""
        processes = [self.stack.processes[name] for name in names]
        before = sum(process.deaths for process in processes)
        die = self.crowd._die
        for name in names:
            # Not at the first: a message that kills its worker every time is set aside, as it should be.
            self.stack.crash_at[name] = lambda: f"{point}:{die.randint(*between)}"
            self.stack.kill(name)
        died = 0

        def enough() -> bool:
            nonlocal died
            died = sum(process.deaths for process in processes) - before - len(names)
            return died >= times

        began = time.monotonic()
        while not enough() and time.monotonic() - began < seconds:
            time.sleep(0.1)
        for name in names:
            self.stack.crash_at.pop(name, None)
            self.stack.kill(name)
        self.times = died
        return died


def number(name: str, default: int) -> int:
    """How much of something, as the environment says."""
    return int(os.environ.get(name, default))


@contextmanager
def a_run(
    folder: Path, *, people: int, rate: float, report: Path | None = None, besides: Sequence[str] = ()
) -> Iterator[Run]:
    """Everything up, and a crowd that has linked itself. besides: invariants that are not asked."""
    with a_stack(folder, people=people) as stack:
        ledger = Ledger(folder / "ledger.jsonl")
        ledger.follow()
        crowd = Crowd(stack, ledger, rate=rate)
        yield Run(stack, ledger, crowd, report=report, besides=besides)
        crowd.hush()
