from __future__ import annotations

from autograder.trace.names import printable, quoted_line, resource_names, shorten, task_names
from tests.trace.build import Script


def test_task_names():
    run = Script()
    run.create("Thread-1 (print_all)")
    run.create("a")
    run.create("a")
    run.create("x" * 99)
    run.create("red \x1b[31m")
    names = task_names(run.trace())
    assert names[0] == "main"
    assert names[1] == "Thread-1"
    assert (names[2], names[3]) == ("a #2", "a #3")
    assert len(names[4]) == 24
    assert "\x1b" not in names[5]


def test_resource_names():
    source = "lock = Lock()\nself.inner: Lock = Lock()\nwith Pool() as pool:\n    make(Lock())\nif a == b:\n"
    run = Script()
    for line in range(1, 6):
        run.thing(f"id{line}", "RLock", line)
        run.acquire(0, f"id{line}")
    run.thing("never used", "Lock", 1)
    names = resource_names(run.trace(), source)
    assert names == {"id1": "lock", "id2": "self.inner", "id3": "pool", "id4": "rlock #1", "id5": "rlock #2"}


def test_two_locks_of_one_line_are_told_apart():
    run = Script()
    for lock in ("x", "y"):
        run.thing(lock, "Lock", 1)
        run.acquire(0, lock)
    assert resource_names(run.trace(), "lock = Lock()") == {"x": "lock #1", "y": "lock #2"}


def test_a_value_and_its_lock():
    run = Script()
    run.thing("memory", "Value", 1)
    run.thing("semaphore", "Value", 1)
    run.acquire(0, "semaphore")
    run.read(0, "memory")
    names = resource_names(run.trace(), 'counter = Value("i", 0)')
    assert names == {"memory": "counter", "semaphore": "counter's lock"}


def test_a_lock_in_a_value_whatever_its_kind():
    run = Script()
    run.thing("memory", "Value", 1)
    run.thing("semaphore", "", 1)
    run.acquire(0, "semaphore")
    run.read(0, "memory")
    assert resource_names(run.trace(), "n = Value('i')") == {"memory": "n", "semaphore": "n's lock"}


def test_shorten_keeps_both_ends():
    assert shorten("abcdefghij", 10) == "abcdefghij"
    assert shorten("abcdefghijk", 10) == "abcdef…ijk"
    assert shorten("abcdefghijk", 2) == "a…"


def test_nothing_that_a_terminal_would_act_on():
    assert printable("a\tb\n\x1b\x07\u202e") == "a⇥b⏎���"


def test_quoted_line():
    assert quoted_line("x = 1\n    print(x)\n", 2) == "line 2  print(x)"
    assert quoted_line("x = 1", 7) == "line 7"
    assert quoted_line("x = '\x0c'\ny = 2", 2) == "line 2  y = 2"
