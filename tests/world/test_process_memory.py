"""Shared ``Value`` and ``Array`` hold what the real ones hold, and every access is in the trace."""

from __future__ import annotations

import pytest

from tests.world.conftest import STRATEGIES, Play

PROGRAM = """
import ctypes
import multiprocessing as mp
from multiprocessing import Array, Process, RawArray, RawValue, Value


def error(action, *args, **kwargs):
    try:
        return action(*args, **kwargs)
    except Exception as error:
        return type(error).__name__


def together(target, *arguments):
    processes = [Process(target=target, args=args) for args in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def _set(value, content):
    value.value = content


def value_kinds():
    values = [Value("i", 1), Value("d", 1.5), Value("c", b"a"), Value("b", -1), Value(ctypes.c_bool, False)]
    for value, content in zip(values, [2, 2.5, b"z", -128, True]):
        together(_set, (value, content))
    return [value.value for value in values]


def raw_value():
    value = RawValue("i", 4)
    together(_set, (value, 5))
    return value.value, Value("i", 4, lock=False).value, hasattr(value, "get_lock")


def _add(value):
    for _ in range(3):
        with value.get_lock():
            value.value += 1


def value_with_its_lock():
    value = Value("i")
    together(_add, (value,), (value,), (value,))
    return value.value, value.get_obj().value


def value_with_a_given_lock():
    lock = mp.Lock()
    value = Value("i", 3, lock=lock)
    return value.get_lock() is lock, value.value, error(setattr, value, "value", "text")


def value_wraps_around():
    value = Value("b", 127)
    value.value += 1
    return value.value


def _fill(array, start):
    for index in range(start, start + 2):
        array[index] = index * index


def array_shared():
    array = Array("i", 6)
    together(_fill, (array, 0), (array, 2), (array, 4))
    return list(array), array[:], len(array)


def array_slices():
    array = Array("i", [1, 2, 3, 4, 5])
    array[1:3] = [7, 8]
    return array[1:4], array[::2], array[-1], array[-2:], array[::-1], array[5:]


def array_errors():
    array = Array("i", 3)
    return [
        error(lambda: array[3]),
        error(lambda: array[-4]),
        error(array.__setitem__, 3, 1),
        error(array.__setitem__, slice(0, 2), [1]),
        error(array.__setitem__, 0, "text"),
    ]


def array_kinds():
    return Array("d", [0.5, 1])[:], Array("c", b"abc").value, Array("c", b"abc").raw, Array("q", [1 << 40])[:]


def array_raw():
    array = RawArray("i", range(4))
    together(_fill, (array, 2))
    return array[:], list(array), len(array), max(array), sum(array), 9 in array


def array_without_lock():
    array = Array("i", [3, 4], lock=False)
    return array[0], list(array), hasattr(array, "get_lock")


def array_iterates():
    array = Array("i", [5, 6])
    return [item for item in array], sorted(array, reverse=True), list(enumerate(array)), tuple(array)


def _increment(array, index):
    with array.get_lock():
        array[index] += 1


def array_with_its_lock():
    array = Array("i", 2)
    together(_increment, (array, 0), (array, 0), (array, 1))
    return array[:]


class Point(ctypes.Structure):
    _fields_ = [("x", ctypes.c_int), ("y", ctypes.c_int)]


def _move(point):
    point.x += 1


def structure():
    point = Value(Point, 1, 2)
    together(_move, (point,))
    return point.x, point.y


def _lines(value):
    seen = value.value
    value.value = seen + 1


def lines():
    value, array = Value("i", 0), Array("i", 3)
    _lines(value)
    array[1] = array[0]
    array[:]
"""

EXPECTED = {
    "value_kinds": [2, 2.5, b"z", -128, True],
    "raw_value": (5, 4, False),
    "value_with_its_lock": (9, 9),
    "value_with_a_given_lock": (True, 3, "TypeError"),
    "value_wraps_around": -128,
    "array_shared": ([0, 1, 4, 9, 16, 25], [0, 1, 4, 9, 16, 25], 6),
    "array_slices": ([7, 8, 4], [1, 8, 5], 5, [4, 5], [5, 4, 8, 7, 1], []),
    "array_errors": ["IndexError", "IndexError", "IndexError", "ValueError", "TypeError"],
    "array_kinds": ([0.5, 1.0], b"abc", b"abc", [1 << 40]),
    "array_raw": ([0, 1, 4, 9], [0, 1, 4, 9], 4, 9, 14, True),
    "array_without_lock": (3, [3, 4], False),
    "array_iterates": ([5, 6], [6, 5], [(0, 5), (1, 6)], (5, 6)),
    "array_with_its_lock": [2, 1],
    "structure": (2, 2),
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("function", EXPECTED)
def test_as_the_real_ones(play: Play, function: str, strategy: str) -> None:
    assert play(PROGRAM, function, strategy=strategy).value == EXPECTED[function]


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
@pytest.mark.parametrize("function", ["value_kinds", "array_shared", "array_raw", "array_with_its_lock"])
def test_shared_with_a_fresh_process(play: Play, function: str, method: str) -> None:
    assert play(PROGRAM, function, start_method=method).value == EXPECTED[function]


def test_every_access_is_in_the_trace_with_its_line(play: Play) -> None:
    run = play(PROGRAM, "lines")
    assert run.value is None
    lines = PROGRAM.splitlines()
    first = lines.index("    seen = value.value") + 1
    copy = lines.index("    array[1] = array[0]") + 1
    seen = [(e.op, e.value, e.line) for e in run.trace.events if e.op in ("read", "store")]
    assert seen == [
        ("read", 0, first),
        ("store", 0, first + 1),
        ("read", 0, copy),
        ("store", 1, copy),
        ("read", 0, copy + 1),
        ("read", 1, copy + 1),
        ("read", 2, copy + 1),
    ]
    kinds = [run.trace.resources[e.resource].kind for e in run.trace.events if e.op in ("read", "store")]
    assert kinds == ["Value"] * 2 + ["Array"] * 5


def test_an_update_without_a_lock_is_lost(play: Play) -> None:
    """The real interpreter loses one now and then; the adversary does it always, and every run is the same."""
    source = """
        from multiprocessing import Process, Value

        def add(value):
            for _ in range(3):
                value.value += 1

        def f():
            value = Value("i")
            processes = [Process(target=add, args=(value,)) for _ in range(2)]
            for process in processes:
                process.start()
            for process in processes:
                process.join()
            return value.value
        """
    lost = play(source, strategy="roundrobin").value
    assert lost < 6
    assert play(source, strategy="roundrobin").value == lost
    assert play(source, strategy="nonpreemptive").value == 6
