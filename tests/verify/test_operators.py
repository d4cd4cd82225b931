"""Each operator makes the mistake that its docstring says, and only where there is something to get wrong."""

from __future__ import annotations

from textwrap import dedent

import pytest

from autograder.verify.mutants import Mutant, mutants, written
from autograder.verify.operators import OPERATORS

CASES = {
    "drop_lock": ("with lock:\n    a()", "a()"),
    "lock_per_call": ("import threading\nwith lock:\n    a()", "import threading\nwith threading.Lock():\n    a()"),
    "lock_per_function_call": (
        "lock = Lock()\ndef f():\n    with lock:\n        a()",
        "lock = Lock()\ndef f():\n    lock = Lock()\n    with lock:\n        a()",
    ),
    "lock_only_the_first": ("with lock:\n    a()\n    b()", "with lock:\n    a()\nb()"),
    "lock_only_the_last": ("with lock:\n    a()\n    b()", "a()\nwith lock:\n    b()"),
    "lock_split": ("with lock:\n    a()\n    b()", "with lock:\n    a()\nwith lock:\n    b()"),
    "lock_per_turn": (
        "with lock:\n    for x in y:\n        a(x)\n    b()",
        "for x in y:\n    with lock:\n        a(x)\nwith lock:\n    b()",
    ),
    "lock_around_the_loop": (
        "for x in y:\n    with v.get_lock():\n        a()",
        "with v.get_lock():\n    for x in y:\n        a()",
    ),
    "lock_with_a_limit": (
        "with lock:\n    a()",
        "taken = lock.acquire(timeout=0.1)\ntry:\n    a()\nfinally:\n    if taken:\n        lock.release()",
    ),
    "release_not_in_finally": ("with lock:\n    a()", "lock.acquire()\na()\nlock.release()"),
    "acquire_without_release": ("with lock:\n    a()", "lock.acquire()\na()"),
    "finally_unrolled": ("try:\n    a()\nfinally:\n    b()", "a()\nb()"),
    "lock_taken_twice": ("with lock:\n    a()", "with lock:\n    with lock:\n        a()"),
    "read_outside_the_lock": (
        "with v.get_lock():\n    v.value += 1",
        "before = v.value\nwith v.get_lock():\n    v.value = before + 1",
    ),
    "write_outside_the_lock": (
        "with v.get_lock():\n    v.value += 1",
        "with v.get_lock():\n    after = v.value + 1\nv.value = after",
    ),
    "two_at_a_time": ("import threading\nx = threading.Lock()", "import threading\nx = threading.Semaphore(2)"),
    "lock_of_threads": (
        "import multiprocessing\nx = multiprocessing.Lock()",
        "import threading\nimport multiprocessing\nx = threading.Lock()",
    ),
    "shared_without_lock": ("v = Value('i', 0)", "v = Value('i', 0, lock=False)"),
    "drop_release": ("a()\nlock.release()", "a()"),
    "join_at_once": ("for t in ts:\n    t.start()", "for t in ts:\n    t.start()\n    t.join()"),
    "drop_join": ("a()\nfor t in ts:\n    t.join()", "a()"),
    "join_with_a_limit": ("t.join()", "t.join(0.1)"),
    "sleep_for_join": ("import time\nfor t in ts:\n    t.join()", "import time\ntime.sleep(0.5)"),
    "not_all_of_them": ("for t in ts:\n    t.join()", "for t in ts[1:]:\n    t.join()"),
    "run_for_start": ("t.start()", "t.run()"),
    "drop_start": ("t.start()\na()", "a()"),
    "started_twice": ("t.start()", "t.start()\nt.start()"),
    "called_not_passed": ("t = Thread(target=f, args=(x,))", "t = Thread(target=f(x))"),
    "late_binding": ("t = Thread(target=f, args=(x,))", "t = Thread(target=lambda: f(x))"),
    "first_argument_for_all": ("t = Thread(target=f, args=(x, y))", "t = Thread(target=f, args=(y, x))"),
    "daemon": ("t = Thread(target=f)", "t = Thread(target=f, daemon=True)"),
    "other_kind": ("t = Thread(target=f)", "import multiprocessing\nt = multiprocessing.Process(target=f)"),
    "kept_between_calls": (
        "def f(n=2):\n    found = []\n    found.append(n)\n    return found",
        "def f(n=2, found=[]):\n    found.append(n)\n    return found",
    ),
    "pool_left_open": ("with Pool(4) as pool:\n    a(pool)", "pool = Pool(4)\na(pool)"),
    "drop_close": ("a()\npool.close()", "a()"),
    "terminate_for_close": ("pool.close()", "pool.terminate()"),
    "shutdown_without_waiting": (
        "with ThreadPoolExecutor() as e:\n    a(e)",
        "e = ThreadPoolExecutor()\ntry:\n    a(e)\nfinally:\n    e.shutdown(wait=False)",
    ),
    "result_at_once": (
        "fs = [e.submit(f, x) for x in xs]\nr = [g.result() for g in fs]",
        "fs = [e.submit(f, x).result() for x in xs]\nr = [g for g in fs]",
    ),
    "unordered": ("r = pool.map(f, xs)", "r = list(pool.imap_unordered(f, xs))"),
    "apply_one_by_one": ("r = pool.map(f, xs)", "r = [pool.apply(f, (one,)) for one in xs]"),
    "parent_works": ("r = pool.map(f, xs)", "r = list(map(f, xs))"),
    "one_chunk": ("r = pool.map(f, xs)", "r = pool.map(f, xs, chunksize=1000)"),
    "lazy_map": ("r = pool.map(f, xs)", "r = pool.imap(f, xs)"),
    "in_order_of_arrival": (
        "r = [g.result() for g in fs]",
        "import concurrent.futures\nr = [g.result() for g in concurrent.futures.as_completed(fs)]",
    ),
    "failures_left_out": ("r = [g.result() for g in fs]", "r = [g.result() for g in fs if not g.exception()]"),
    "pool_size": ("p = Pool(n)", "p = Pool(1)"),
    "range_off_by_one": ("r = range(n)", "r = range(n - 1)"),
    "slice_off_by_one": ("r = x[a:b]", "r = x[a:b - 1]"),
    "remainder_lost": ("r = n * k // p", "r = n // p * k"),
    "drop_wrapper": ("r = sorted(x)", "r = x"),
    "results_sorted": ("def f():\n    return [g() for g in x]", "def f():\n    return sorted([g() for g in x])"),
    "swap_statements": ("a()\nb()", "b()\na()"),
    "drop_raise_for_status": ("a()\nr.raise_for_status()", "a()"),
    "torn_line": ("print(f'{x}\\n', end='')", "print(f'{x}')"),
    "other_exception": ("raise ValueError('x')", "raise RuntimeError('x')"),
    "swallow_errors": (
        "def f():\n    return g.result()",
        "def f():\n    try:\n        return g.result()\n    except Exception:\n        pass",
    ),
    "parameter_ignored": ("def f(n=4):\n    g(n)", "def f(n=4):\n    g(4)"),
    "early_return": ("def f():\n    a()\n    b()\n    c()", "def f():\n    a()\n    b()\n    return"),
    "one_turn": ("for x in y:\n    a()", "for x in y:\n    a()\n    break"),
    "drop_statement": ("a()\nb()", "b()"),
    "statement_twice": ("a()", "a()\na()"),
    "asked_twice": ("r = s.get(u)", "r = s.get(u)\nr = s.get(u)"),
    "negate_condition": ("if x:\n    a()", "if not x:\n    a()"),
    "filter_changed": ("r = [x for x in y if x]", "r = [x for x in y]"),
    "boundary": ("r = a < b", "r = a <= b"),
    "arithmetic": ("r = a + b", "r = a - b"),
    "update": ("a += 1", "a -= 1"),
    "constant": ("r = 3", "r = 4"),
    "drop_argument": ("f(a=b)", "f()"),
    "nothing_returned": ("def f():\n    return a", "def f():\n    a"),
}


def by(operator: str, source: str) -> list[Mutant]:
    return [mutant for mutant in mutants(dedent(source)) if mutant.operator == operator]


@pytest.mark.parametrize("operator", CASES)
def test_operator(operator: str) -> None:
    before, after = CASES[operator]
    assert written(after) in [mutant.source for mutant in by(operator, before)]


def test_every_operator_has_a_case_and_one_line_that_says_what_it_is() -> None:
    assert {operator.name for operator in OPERATORS} == CASES.keys()
    assert all(operator.text.endswith((".", "!")) for operator in OPERATORS)


@pytest.mark.parametrize(
    ("operator", "source"),
    [
        ("drop_lock", "with open(x) as f:\n    a()"),
        ("drop_join", "text = ', '.join(words)"),
        ("unordered", "r = list(map(f, xs))"),
        ("terminate_for_close", "file.close()"),
        ("lock_of_threads", "import threading\nx = threading.Lock()"),
        ("kept_between_calls", "def f(n):\n    found = [n]\n    return found"),
        # what can make no difference, or breaks at once
        ("swap_statements", "def f():\n    a = 1\n    b = 2"),
        ("swap_statements", "def f():\n    a = g()\n    h(a)"),
        ("statement_twice", "t.join()"),
        ("constant", "raise ValueError('a text of its own')"),
    ],
)
def test_operator_leaves_alone(operator: str, source: str) -> None:
    assert by(operator, source) == []


def test_what_all_the_rest_needs_is_not_dropped() -> None:
    found = by("drop_statement", "def f():\n    a = g()\n    a = h(a)\n    b = a\n    return b")
    assert {mutant.line for mutant in found} == {"a = g()", "a = h(a)", "return b"}


def test_a_shared_name_is_set_in_an_order_that_others_see() -> None:
    source = """
        def f():
            last = None
            def g():
                nonlocal last
                a = 1
                last = a
                total[0] = 1
        """
    assert "total[0] = 1" in {mutant.becomes for mutant in by("swap_statements", source)}
