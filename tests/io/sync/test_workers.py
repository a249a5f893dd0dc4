"""The threads of handlers: as many as are needed, up to a number, and none that stays behind."""

import threading
from functools import partial
from time import monotonic

import pytest

from hyper.io.sync._workers import Workers


def test_jobs_run_at_once_up_to_the_number_and_the_rest_wait_their_turn() -> None:
    workers = Workers(3, "hand")
    gate = threading.Event()
    full = threading.Barrier(4)
    lock = threading.Lock()
    at_work = 0
    most = 0
    begun: list[int] = []

    def job(number: int) -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
            begun.append(number)
        if number < 3:
            full.wait(10)
        gate.wait(10)
        with lock:
            at_work -= 1

    for number in range(12):
        workers.run(partial(job, number))
    full.wait(10)  # three are at work together: none waits for another
    assert sorted(begun) == [0, 1, 2], "and those behind them wait, first come first served"
    gate.set()
    workers.close(monotonic() + 10)
    assert sorted(begun) == list(range(12)), "each job was done, those that had to wait too"
    assert most == 3, "never by more threads than allowed"


def test_a_thread_that_has_nothing_to_do_takes_the_next_job() -> None:
    before = threading.active_count()
    workers = Workers(1_000, "hand")
    for _ in range(200):
        done = threading.Event()
        workers.run(done.set)
        assert done.wait(10), "it runs at once"
    # A thread is free a moment after its job has told of its end; not each job finds it so.
    assert threading.active_count() - before < 200, "a thread for each job would be some too many"
    workers.close(monotonic() + 10)


def test_threads_are_started_when_there_is_work() -> None:
    before = threading.active_count()
    workers = Workers(5, "hand")
    assert threading.active_count() == before, "a server nobody talks to costs no thread"
    workers.close(monotonic() + 10)


def test_threads_say_whose_they_are_and_do_not_hold_up_the_exit() -> None:
    workers = Workers(2, "server-1")
    threads: list[threading.Thread] = []
    workers.run(lambda: threads.append(threading.current_thread()))
    workers.close(monotonic() + 10)
    assert threads[0].name == "server-1-0", "a dump of the stacks is read by name"
    assert threads[0].daemon, "a handler that hangs must not keep the interpreter from ending"


def test_closing_sees_every_job_done_and_every_thread_ended() -> None:
    workers = Workers(2, "hand")
    done: list[threading.Thread] = []
    for _ in range(10):
        workers.run(lambda: done.append(threading.current_thread()))
    workers.close(monotonic() + 10)
    assert len(done) == 10, "those that had not begun when it was told to close too"
    assert not any(thread.is_alive() for thread in done), "and no thread outlives it"


@pytest.mark.parametrize("late", [0.0, -5.0], ids=["at the deadline", "long after it"])
def test_a_job_that_hangs_does_not_hold_up_the_close(late: float) -> None:
    workers = Workers(1, "hand")
    gate = threading.Event()
    begun = threading.Event()
    hanging: list[threading.Thread] = []
    done: list[str] = []

    def hang() -> None:
        hanging.append(threading.current_thread())
        begun.set()
        gate.wait(10)
        done.append("hung")

    workers.run(hang)
    workers.run(lambda: done.append("next"))
    assert begun.wait(10), "it is at work"
    workers.close(monotonic() + late)
    assert done == [], "a thread cannot be stopped, so it is left alone"
    gate.set()
    hanging[0].join(10)
    assert not hanging[0].is_alive(), "it ends once its job has"
    assert done == ["hung", "next"], "and what was taken on before the close is done"
