"""Work that one thread of a process does for all that are told of it."""

import threading

import pytest

from inspector_whatsapp.alone import OneAtATime


def test_who_comes_while_it_is_done_leaves_it_to_the_other_and_it_is_done_once_more() -> None:
    begun, go_on = threading.Event(), threading.Event()
    rounds = []

    def work() -> int:
        rounds.append(threading.get_ident())
        begun.set()
        assert go_on.wait(20)
        return 1

    together = OneAtATime(work)
    done: list[int] = []
    first = threading.Thread(target=lambda: done.append(together()))
    first.start()
    assert begun.wait(20)
    assert [together(), together()] == [0, 0], "they do not wait"
    go_on.set()
    first.join(20)
    assert done == [2]
    assert set(rounds) == {first.ident}
    assert together() == 1


def test_work_that_fails_holds_up_nobody() -> None:
    failing = [True]

    def work() -> int:
        if failing:
            failing.clear()
            raise KeyError
        return 1

    together = OneAtATime(work)
    with pytest.raises(KeyError):
        together()
    assert together() == 1
