"""The three start methods: what a child finds, and what must be pickled to get there."""

from __future__ import annotations

import pytest

from tests.world.conftest import STRATEGIES, Play

PROGRAM = """
import multiprocessing as mp
import sys

setting = "from the module"
places = []


def work(end, word):
    end.send((word, setting, places, __name__, mp.get_start_method()))


def f(method=None):
    global setting
    setting = "changed"
    places.append("appended")
    context = mp.get_context(method)
    reader, writer = context.Pipe(False)
    process = context.Process(target=work, args=(writer, "word"))
    process.start()
    got = reader.recv()
    process.join()
    return got, process.exitcode


def unpicklable(method):
    try:
        mp.get_context(method).Process(target=lambda: None).start()
    except Exception as error:
        return type(error).__name__, "local object" in str(error)
    return "started"


def exits(method):
    context = mp.get_context(method)
    codes = []
    for target, args in ((sys.exit, (4,)), (int, ()), (int, ("no number",))):
        process = context.Process(target=target, args=args)
        process.start()
        process.join()
        codes.append(process.exitcode)
    return codes


def put(queue, lock, word):
    with lock:
        queue.put(word)


def queue_and_lock(method):
    context = mp.get_context(method)
    queue, lock = context.Queue(), context.Lock()
    processes = [context.Process(target=put, args=(queue, lock, number)) for number in range(3)]
    for process in processes:
        process.start()
    got = sorted(queue.get() for _ in processes)
    for process in processes:
        process.join()
    return got


def pool(method):
    with mp.get_context(method).Pool(2) as workers:
        return workers.map(abs, [-1, -2, -3])


def methods():
    return mp.get_start_method(), mp.get_all_start_methods()
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
class TestStartMethods:
    def test_globals(self, play: Play, method: str) -> None:
        (word, setting, places, name, inside), code = play(PROGRAM, "f", method).value
        forked = method == "fork"
        assert setting == ("changed" if forked else "from the module")
        assert places == (["appended"] if forked else [])
        assert (word, name, code) == ("word", "program", 0)
        assert inside == ("fork" if forked else method)

    def test_the_default_is_the_settings(self, play: Play, method: str) -> None:
        assert play(PROGRAM, "methods", start_method=method).value == (method, ["fork", "spawn", "forkserver"])
        (_, setting, _, _, inside), _ = play(PROGRAM, "f", start_method=method).value
        assert (setting == "changed", inside) == (method == "fork", method)

    def test_what_cannot_be_pickled(self, play: Play, method: str) -> None:
        value = play(PROGRAM, "unpicklable", method).value
        assert value == "started" if method == "fork" else value[1] is True

    @pytest.mark.parametrize("strategy", STRATEGIES[:4])
    def test_work(self, play: Play, method: str, strategy: str) -> None:
        assert play(PROGRAM, "exits", method, strategy=strategy).value == [4, 0, 1]
        assert play(PROGRAM, "queue_and_lock", method, strategy=strategy).value == [0, 1, 2]
        assert play(PROGRAM, "pool", method, strategy=strategy).value == [1, 2, 3]
