"""Names in the run's folder: who meets there, what a program notices of it (nothing), and what is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from autograder.judge.grade import launcher
from autograder.judge.run import Run
from autograder.judge.subject import Subject
from autograder.model import Assignment
from autograder.trace.files import shared_files
from autograder.world.wire import MOST_FILED

PROGRAM = dedent("""
    import os
    from multiprocessing import Process
    from pathlib import Path
    from threading import Lock, Thread

    lock = Lock()

    def together(kind, target, *given):
        tasks = [kind(target=target, args=one) for one in given]
        for task in tasks:
            task.start()
        for task in tasks:
            task.join()

    def here():
        return {path.name: path.read_text() for path in sorted(Path().iterdir()) if path.is_file()}

    # Right and wrong ways to save a text under a name of one's own.

    def by_way_of_one(name):
        Path("part").write_text(name)
        os.rename("part", name)

    def by_way_of_one_locked(name):
        with lock:
            by_way_of_one(name)

    def by_way_of_own(name):
        Path(name + ".part").write_text(name)
        Path(name + ".part").replace(name)

    def saved(kind, how):
        together({"threads": Thread, "processes": Process}[kind], globals()[how], ("a",), ("b",))
        return here()

    # A folder that is made when it is missing.

    def looks_first(failed):
        try:
            if not os.path.isdir("new"):
                os.mkdir("new")
        except FileExistsError:
            failed.append(True)

    def makes_at_once(failed):
        os.makedirs("new", exist_ok=True)

    def folder_made(how):
        failed = []
        together(Thread, globals()[how], (failed,), (failed,))
        return failed == []

    # A count in a file.

    def count_one():
        number = int(Path("count").read_text())
        Path("count").write_text(str(number + 1))

    def count_one_locked():
        with lock:
            count_one()

    def counted(how):
        Path("count").write_text("0")
        together(Thread, globals()[how], (), ())
        return Path("count").read_text()

    # A log that threads share.

    def logs(log, text, held):
        with lock if held else open(os.devnull):
            print(text, text, sep="", end="", file=log)
            log.write(text)

    def logged(held):
        with open("log", "w") as log:
            together(Thread, logs, (log, "a", held), (log, "b", held))
        return Path("log").read_text() in ("aaabbb", "bbbaaa")

    def logged_bytes():
        def twice(text):
            log.write(text)
            log.write(text)

        with open("log", "wb") as log:
            together(Thread, twice, (b"a",), (b"b",))
        return Path("log").read_bytes() in (b"aabb", b"bbaa")

    # A folder of one's own to work in.

    def works_in(name):
        os.mkdir(name)
        os.chdir(name)
        Path("file").write_text(name)
        os.chdir("..")

    def worked_in(kind):
        together(kind, works_in, ("a",), ("b",))
        return {str(path) for path in Path().rglob("file")} == {"a/file", "b/file"}

    def threads_move():
        return worked_in(Thread)

    def processes_move():
        return worked_in(Process)

    # More than a buffer holds.

    def long_one(letter):
        with open("long", "wb") as file:
            file.write(letter * 40_000)
            file.write(letter * 40_000)

    def long_ones():
        together(Thread, long_one, (b"a",), (b"b",))
        return len(set(Path("long").read_bytes())) == 1
""")


@pytest.fixture
def explore(tmp_path: Path) -> Callable[..., list[Run]]:
    def explore(function: str, *args: object, most: int = 60, **options: object) -> list[Run]:
        assignment = Assignment("tiny", "Tiny", "program.py", tmp_path, ())
        subject = Subject(assignment, PROGRAM.encode(), launcher("world", ()))
        return list(subject.exhaust(function, *args, most=most, **options))

    return explore


def values(runs: list[Run]) -> set[str]:
    return {run.error.type if run.error is not None else repr(run.value) for run in runs}


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_one_file_for_all_is_met(explore: Callable[..., list[Run]], kind: str) -> None:
    both = repr({"a": "a", "b": "b"})
    assert values(explore("saved", kind, "by_way_of_own")) == {both}
    found = explore("saved", kind, "by_way_of_one", most=12)
    assert both in values(found)
    assert len(values(found)) > 1
    assert any(file.name == "part" and len(file.writers) == 2 for run in found for file in shared_files(run.trace))


def test_under_a_lock_nobody_meets(explore: Callable[..., list[Run]]) -> None:
    runs = explore("saved", "threads", "by_way_of_one_locked")
    assert values(runs) == {repr({"a": "a", "b": "b"})}


def test_looking_and_making_are_two_steps(explore: Callable[..., list[Run]]) -> None:
    assert values(explore("folder_made", "looks_first")) == {"True", "False"}
    assert values(explore("folder_made", "makes_at_once")) == {"True"}


def test_a_count_in_a_file_gets_lost(explore: Callable[..., list[Run]]) -> None:
    found = values(explore("counted", "count_one"))
    assert {"'1'", "'2'"} <= found
    assert values(explore("counted", "count_one_locked")) == {"'2'"}


def test_writes_to_one_open_file_come_in_any_order(explore: Callable[..., list[Run]]) -> None:
    assert values(explore("logged", False)) == {"True", "False"}
    assert values(explore("logged", True)) == {"True"}
    assert values(explore("logged_bytes")) == {"True", "False"}


def test_threads_have_one_current_folder(explore: Callable[..., list[Run]]) -> None:
    assert {"True", "False"} <= values(explore("threads_move"))
    assert values(explore("processes_move")) == {"True"}


def test_what_does_not_fit_the_buffer_is_written_on_the_way(explore: Callable[..., list[Run]]) -> None:
    assert values(explore("long_ones")) == {"True", "False"}


def test_by_virtual_time_nothing_comes_in_between(play) -> None:
    for how in ("by_way_of_one", "by_way_of_own"):
        played = play(PROGRAM, "saved", "threads", how)
        assert played.value == {"a": "a", "b": "b"}


def test_files_of_one_task_are_not_told(play) -> None:
    source = """
        from pathlib import Path
        from threading import Thread
        def f():
            Path("a").write_text("a")
            thread = Thread(target=print)
            thread.start()
            thread.join()
            Path("a").write_text("b")
            return Path("a").read_text()
    """
    played = play(source, strategy="roundrobin")
    assert played.value == "b"
    assert not [event for event in played.trace.events if event.op in ("examine", "change")]


def test_what_is_told(play) -> None:
    source = """
        import os
        from pathlib import Path
        from threading import Thread
        def work():
            os.makedirs("new/er", exist_ok=True)
            os.makedirs("new/er", exist_ok=True)
            with open("new/file", "w") as file:
                file.write("a")
            open("new/file").close()
            open("new/file", "a").close()
            os.rename("new/file", "new/other")
            Path("new/other").unlink()
            Path("new/other").unlink(missing_ok=True)
            os.path.exists("/elsewhere")
            os.path.exists(__file__ + "/../../..")
        def f():
            thread = Thread(target=work)
            thread.start()
            thread.join()
    """
    played = play(source)
    assert played.value is None
    told = [
        (event.op, event.resource.removeprefix("file:"), event.line)
        for event in played.trace.events
        if event.op in ("examine", "change")
    ]
    assert told[:3] == [("examine", "new", 6), ("change", "new", 6), ("change", "new/er", 6)]
    assert ("change", "new/er", 7) not in told
    rest = [one for one in told if one[2] > 7]
    assert rest == [
        ("change", "new/file", 8),
        ("change", "new/file", 8),
        ("examine", "new/file", 10),
        ("examine", "new/file", 11),
        ("change", "new/file", 12),
        ("change", "new/other", 12),
        ("change", "new/other", 13),
        ("examine", "new/other", 14),
    ]


def test_an_open_file_is_what_it_is_elsewhere(play) -> None:
    """What programs can see of a file object, and the errors of open, are the interpreter's own."""
    source = """
        import io, os
        from threading import Thread
        def forms():
            with open("t", "w", encoding="latin-1", newline="\\r\\n", buffering=1) as text:
                text.write("\\u00e4\\n")
                shown = [repr(text), text.mode, text.encoding, text.line_buffering, text.buffer.mode]
                kinds = [type(text).__name__, isinstance(text, io.TextIOWrapper), text.buffer.name]
            with open("b", "wb") as binary:
                kinds += [isinstance(binary, io.BufferedWriter), binary.mode, binary.name, repr(binary)]
            with open("b", "w+b") as both:
                both.write(b"abc")
                both.seek(1)
                kinds += [both.read(), isinstance(both, io.BufferedRandom)]
            with open("b", "ab", buffering=0) as raw:
                kinds += [raw.write(b"d"), isinstance(raw, io.FileIO)]
            errors = []
            for given in (("no/where", "w"), ("b", "x"), ("b", "q"), (None,), ("b", "w", 0), ("b", 3)):
                try:
                    open(*given)
                except Exception as error:
                    errors.append(repr(error))
            try:
                with open("t", "wb") as binary:
                    binary.write("text")
            except TypeError as error:
                errors.append(str(error))
            for make in (lambda: os.stat(), lambda: os.rename("a"), lambda: os.mkdir(path="b")):
                try:
                    make()
                except (TypeError, OSError) as error:
                    errors.append(type(error).__name__)
            return shown, kinds, errors, open("b", "rb").read(), os.stat in os.supports_follow_symlinks
        def f(threaded):
            if not threaded:
                return forms()
            found = []
            thread = Thread(target=lambda: found.append(forms()))
            thread.start()
            thread.join()
            return found[0]
    """
    alone, beside = play(source, "f", False).value, play(source, "f", True, strategy="roundrobin").value
    assert alone == beside
    shown, kinds, errors, content, follows = alone
    assert shown == [
        "<_io.TextIOWrapper name='t' mode='w' encoding='latin-1'>",
        "w",
        "latin-1",
        True,
        "wb",
    ]
    assert kinds == [
        *("TextIOWrapper", True, "t", True, "wb", "b", "<_io.BufferedWriter name='b'>"),
        *(b"bc", True, 1, True),
    ]
    assert [text.partition("(")[0] for text in errors[:6]] == [
        *("FileNotFoundError", "FileExistsError", "ValueError", "TypeError", "ValueError", "TypeError"),
    ]
    assert errors[6:] == ["a bytes-like object is required, not 'str'", "TypeError", "TypeError", "FileExistsError"]
    assert (content, follows) == (b"", True)  # opened without a buffer as text: refused, but emptied before


def test_a_traceback_shows_no_more_than_elsewhere(play) -> None:
    source = """
        import sys, traceback
        from threading import Lock
        def fails(what):
            try:
                what()
            except Exception:
                traceback.print_exc(file=sys.stdout)
        def f():
            fails(lambda: open("no/such"))
            fails(lambda: Lock().release())
    """
    lines = [line for line in play(source).text.splitlines() if line.startswith("  File")]
    own = [(6, "fails"), (10, "<lambda>"), (6, "fails"), (11, "<lambda>")]
    assert lines == [f'  File "program.py", line {line}, in {name}' for line, name in own]


def test_a_name_that_cannot_be_written_down(play) -> None:
    source = """
        import os
        from threading import Thread
        def work():
            for name in (b"\\xff", b"x" * 250):
                with open(name, "w") as file:
                    file.write("a")
        def f():
            thread = Thread(target=work)
            thread.start()
            thread.join()
            return sorted(map(len, os.listdir(b".")))
    """
    played = play(source, strategy="roundrobin")
    assert played.value == [1, 250]
    names = {event.resource for event in played.trace.events if event.op == "change"}
    assert len(names) == 2
    assert all(len(name) < 300 for name in names)


@pytest.mark.parametrize("times", [900, 1200])
def test_a_task_that_never_stops_saving_is_told_of_only_so_often(play, times: int) -> None:
    source = """
        from threading import Thread
        def work(times):
            for number in range(times):
                with open("a", "w") as file:
                    file.write("a")
        def f(times):
            thread = Thread(target=work, args=(times,))
            thread.start()
            thread.join()
            return open("a").read()
    """
    played = play(source, "f", times, strategy="roundrobin")
    assert played.value == "a"
    assert sum(event.op == "change" for event in played.trace.events) == min(2 * times, MOST_FILED // 4)
