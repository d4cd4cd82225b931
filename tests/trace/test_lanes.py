from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir

from hypothesis import given
from hypothesis import strategies as st

from autograder.trace.lanes import MOST_LINES, MOST_ROWS, lanes
from tests.trace.build import Script

SOURCE = "\n".join(["lock = Lock()", "with lock:", '    print(text, end="")', "t.start()", "t.join()"])


def test_the_picture():
    run = Script()
    run.thing("lock", "Lock", 1)
    a, b = run.create("a", line=4), run.create("b", line=4)
    run.acquire(a, "lock", line=2)
    run.write(a, "aa", line=3)
    run.write(a, "a\n", line=3)
    run.release(a, "lock", line=2)
    run.end(a)
    run.acquire(b, "lock", line=2)
    shown = run.write(b, "b\n", line=3)
    run.release(b, "lock", line=2)
    run.end(b)
    run.join(a, line=5)
    run.join(b, line=5)
    run.returns()
    rows = lanes(run.trace(), source=SOURCE, highlight=[shown.step], width=100).split("\n")
    assert rows == [
        "main │[starts a, b]··································································[joins a, b]",
        "a    │             [takes lock]aaa⏎[frees lock][ends]",
        "b    │             ··································[takes lock]b⏎[frees lock][ends]",
        "                                                                 ▲▲",
        "",
        "main │[returns]",
        'line 3  print(text, end="")',
    ]


def test_without_marked_steps_all_lines_are_quoted():
    run = Script()
    task = run.create("a", line=4)
    run.write(task, "x", line=3)
    assert lanes(run.trace(), source=SOURCE).split("\n")[-2:] == ['line 3  print(text, end="")', "line 4  t.start()"]
    assert lanes(run.trace(), source=SOURCE, highlight=[0], lines=[5]).split("\n")[-2:] == [
        "line 4  t.start()",
        "line 5  t.join()",
    ]


def test_a_lane_has_only_its_own_writes():
    run = Script()
    a, b = run.create("a"), run.create("b")
    for _ in range(3):
        run.write(a, "x")
        run.write(b, "y")
    rows = lanes(run.trace(), source="").split("\n")
    assert [row[-6:].strip() for row in rows[1:]] == ["x x x", "y y y"]


def test_long_writes_are_shortened():
    run = Script()
    run.write(0, "a" * 50 + "b" * 50)
    assert lanes(run.trace(), source="") == "main │aaaaaaaaaaaaaaaa…bbbbbbb"


def test_a_marked_write_is_not_lost_in_a_long_one():
    run = Script()
    for _ in range(100):
        run.write(0, "a")
    marked = run.write(0, "X")
    for _ in range(100):
        run.write(0, "a")
    assert "X" in lanes(run.trace(), source="", highlight=[marked.step])


def test_librarys_own_business_is_left_out():
    run = Script()
    run.thing("queue", "Queue", process=0)
    run.thing("inside", "", process=0)
    helper = run.create("feeder", service=True)
    run.write(helper, "helper")
    run.acquire(0, "queue", line=2, via="Queue.put")
    run.wake(0, "queue", line=2, via="Queue.put")
    run.release(0, "queue", line=2, via="Queue.put")
    run.acquire(0, "inside")
    run.release(0, "inside")
    run.send(0, "pipe")
    run.send(0, "pipe", line=3, via="Connection.send")
    run.thing("m", "Value")
    run.thing("v", "Value")
    run.acquire(0, "v", line=4, via="getvalue")
    run.read(0, "m", line=4)
    run.release(0, "v", line=4, via="getvalue")
    text = lanes(run.trace(), source="")
    assert text.split("\n")[0] == "main │[Queue.put][Connection.send][reads Value]"


def test_waiting_for_a_start_is_left_out():
    run = Script()
    a = run.create("a", line=4)
    run.wake(a, "started")
    run.wait(0, "started", line=4, via="Thread.start")
    run.join(a, line=4, value=False, via="BaseProcess.start")
    run.event(0, "return", "task:0", line=-1)
    assert lanes(run.trace(), source=SOURCE) == "main │[starts a][returns]\nline 4  t.start()"


def test_words():
    run = Script()
    a = run.create("a")
    run.sleep(0, 0.5, line=1)
    run.request(0, line=1, status=404)
    run.request(0, line=1)
    run.thing("array", "Array", 1)
    run.store(0, "array", 2, line=1)
    run.acquire(0, "lock", line=1, value=False)
    run.join(a, line=1, value=False)
    run.event(0, "kill", "task:1", 9, line=1)
    run.event(a, "raise", "task:1", "ValueError: no", line=1)
    text = lanes(run.trace(), source="array = Array('i', 3)", width=500)
    assert text.split("\n")[0].split("│")[1] == (
        "[starts a][sleeps 0.5 s][GET 404][GET 200][stores array[2]][does not get lock][gives up joining a][kills a]"
    )
    assert text.split("\n")[1].split("│")[1].strip() == "[ValueError: no]"


def test_how_the_call_ended():
    for value, word in ((None, "returns"), ("raised", "raises"), ("exited", "exits")):
        run = Script()
        run.event(0, "return", "task:0", value, line=-1)
        assert lanes(run.trace(), source="") == f"main │[{word}]"


def test_the_end_of_a_with_block_goes_by_the_name_of_what_it_does():
    run = Script()
    run.release(0, "inner", line=3, via="Pool.__exit__")
    run.event(0, "sleep", value=0.0, line=3, via="Pool.__exit__")
    run.release(0, "inner", line=3, via="Pool.__exit__")
    assert lanes(run.trace(), source="").startswith("main │[Pool.terminate]\n")


def test_a_path_of_the_runs_folder_is_not_drawn():
    for number in (7, 12345):
        run_folder = Path(gettempdir(), "autograder-x1", str(number), "work")
        run = Script()
        run.write(0, f"skipped: {run_folder}/photos/b2.txt")
        assert lanes(run.trace(), source="") == "main │skipped: photos/b2.txt"


def test_the_lines_that_are_asked_for_are_quoted_first():
    source = "\n".join(f"step{number}()" for number in range(1, 10))
    run = Script()
    for line in range(1, 10):
        run.read(0, f"m{line}", line=line)
    quotes = lanes(run.trace(), source=source, lines=[8]).split("\n")[-6:]
    assert quotes == [*(f"line {line}  step{line}()" for line in (1, 2, 3, 4, 8)), "… and 4 more lines"]


def test_a_repeated_operation_is_counted():
    run = Script()
    for _ in range(5):
        run.read(0, "m", line=3)
    assert lanes(run.trace(), source="").startswith("main │[reads Value ×5]\n")


def test_two_operations_by_turns_are_counted():
    run = Script()
    for _ in range(3):
        run.read(0, "m", line=3)
        run.store(0, "m", line=3)
    assert lanes(run.trace(), source="").startswith("main │[reads Value][stores Value]×3\n")
    last = run.store(0, "m", line=4)
    marked = lanes(run.trace(), source="", highlight=[last.step - 1, last.step], width=500).split("\n")[0]
    assert (
        marked
        == "main │[reads Value][stores Value][reads Value][stores Value][reads Value][stores Value][stores Value]"
    )


def test_a_join_that_gave_up_is_no_join():
    run = Script()
    a = run.create("a")
    for _ in range(3):
        run.join(a, line=1, value=False)
        run.join(a, line=1, value=False, via="Thread.is_alive")
    run.join(a, value=False)
    run.end(a)
    run.join(a, line=1)
    assert "[gives up joining a ×3]" in lanes(run.trace(), source="").split("\n")[0]
    assert lanes(run.trace(), source="").split("\n")[0].endswith("[joins a]")


def test_how_a_manager_is_found_is_not_drawn():
    run = Script()
    run.send(0, "pipe", line=1, via="answer_challenge")
    run.send(0, "pipe", line=1, via="append")
    assert lanes(run.trace(), source="").startswith("main │[append]\n")


def test_what_is_waited_for_in_a_deadlock():
    run = Script()
    a, helper = run.create("a"), run.create("helper", service=True)
    run.acquire(a, "lock", line=2)
    run.block(0, "acquire", "lock", line=4, holders=[a])
    run.block(a, "join", "task:0", line=5)
    run.block(helper, "wait", "x")
    rows = lanes(run.trace(), source=SOURCE).split("\n")
    assert rows[:2] == [
        "main │[starts a]            [waits for lock]",
        "a    │          [takes lock]                [waits for main]",
    ]
    assert rows[3:] == ["line 4  t.start()", "line 5  t.join()"]


def test_a_long_run_is_cut_and_the_marked_steps_stay():
    run = Script()
    tasks = [run.create(f"t{number}") for number in range(50)]
    steps = []
    for turn in range(20):
        steps += [run.write(task, f"{turn}.{task}\n", line=3).step for task in tasks]
    marked = steps[520]
    rows = lanes(run.trace(), source=SOURCE, highlight=[marked]).split("\n")
    assert len(rows) <= MOST_ROWS + MOST_LINES + 3
    assert any("10.21⏎" in row for row in rows)
    assert sum("more steps …" in row for row in rows) == 2
    drawn = sum(row.count("⏎") + row.count("starts") for row in rows)
    assert drawn + sum(int(row.split()[1]) for row in rows if "more steps" in row) == 1000 + 1


def test_one_step_is_not_steps():
    run = Script()
    for number in range(40):
        run.create(f"a rather long name {number}", start=False)
        run.read(0, "m" * (number % 2 + 1), line=1)
    assert "1 more step …" not in lanes(Script().trace(), source="")
    assert "more steps" in lanes(run.trace(), source="")


def test_nothing_to_draw():
    assert lanes(Script().trace(), source="") == ""


@given(
    st.lists(st.tuples(st.integers(0, 4), st.text(max_size=5)), max_size=60),
    st.sets(st.integers(0, 60)),
    st.integers(20, 120),
)
def test_every_row_is_in_bounds(writes, highlight, width):
    run = Script()
    tasks = [run.create(f"t{number}") for number in range(5)]
    for number, text in writes:
        run.write(tasks[number], text, line=3)
    text = lanes(run.trace(), source=SOURCE, highlight=highlight, width=width)
    rows = text.split("\n")
    assert all(len(row) <= max(width, 46) for row in rows)
    assert all(row.isprintable() for row in rows)
    assert len(rows) <= MOST_ROWS + MOST_LINES + 3
    assert lanes(run.trace(), source=SOURCE, highlight=highlight, width=width) == text
