"""Files in the folder of a run: put there before it, and read again after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.judge.grade import launcher
from autograder.judge.replay import replay
from autograder.model import Outcome
from autograder.world import schedule
from tests.judge.conftest import Graded

SOURCE = """
    from multiprocessing import Process
    from threading import Thread

    def double(path):
        path.write_text(2 * path.read_text())

    def f(path):
        child = Process(target=double, args=(path,))
        child.start()
        child.join()
        return sorted(other.name for other in path.parent.iterdir())

    def make(path):
        path.mkdir()

    def make_in_a_thread(path):
        thread = Thread(target=make, args=(path,))
        thread.start()
        thread.join()
    """


def test_files_are_there_and_can_be_changed(graded: Graded) -> None:
    hidden = """
    def test_it(submission):
        for method in ("fork", "spawn"):
            files = {"a/b/one.txt": b"ab", "a/b/two.txt": b""}
            run = submission.run("f", in_folder("a/b/one.txt"), files=files, start_method=method)
            assert run.value == ["one.txt", "two.txt"]
            assert run.files == {"a/b/one.txt": b"abab", "a/b/two.txt": b""}
        assert submission.run("f", in_folder("a/b/one.txt"), files={"a/b/one.txt": b""}).value == ["one.txt"]
        submission.confirm("f", in_folder("a/b/one.txt"), files=files)
    """
    result = graded(SOURCE, hidden, real=True)
    assert result.verdicts[0].outcome is Outcome.PASSED, result.verdicts[0].finding
    assert result.reviews == ()


def test_who_changes_the_current_folder(graded: Graded) -> None:
    source = """
    import os
    from threading import Thread

    def there_and_back(folder):
        before = os.getcwd()
        os.chdir(folder)
        os.chdir(before)

    def f(folder):
        there_and_back(folder)
        threads = [Thread(target=there_and_back, args=(folder,)), Thread(target=os.getcwd)]
        for thread in threads:
            thread.start()
            thread.join()
    """
    hidden = """
    def test_it(submission):
        run = submission.run("f", in_folder("a"), files={"a/b": b""}, strategy="nonpreemptive").completed()
        assert [task.name.partition(" (")[0] for task in run.movers] == ["Thread-1"]
    """
    result = graded(source, hidden)
    assert result.verdicts[0].outcome is Outcome.PASSED, result.verdicts[0].finding


def test_no_file_leaves_the_folder() -> None:
    guests = launcher("world", ())
    work, _ = guests.folders()
    try:
        for name in ("../x", "/x", "a/../../x"):
            with pytest.raises(ValueError, match="would not be in the folder"):
                guests.fill(work, {name: b""})
        assert not (work.parent / "x").exists()
        assert not Path("/x").exists()
    finally:
        (work.parent / "raw").touch()
        guests.remove(work)


def test_messages_have_no_path_of_the_folder(graded: Graded) -> None:
    hidden = """
    def test_raised(submission):
        submission.run("make", in_folder("a"), files={"a/x": b""}).completed()

    def test_in_a_thread(submission):
        run = submission.run("make_in_a_thread", in_folder("a"), files={"a/x": b""})
        expect(run.value, 1, run.call, run)
    """
    for verdict in graded(SOURCE, hidden).verdicts:
        assert verdict.finding is not None
        assert "FileExistsError: [Errno 17] File exists: 'a'" in verdict.finding.message


def test_the_files_of_a_run_are_in_its_schedule(graded: Graded) -> None:
    hidden = """
    def test_it(submission):
        run = submission.run("f", in_folder("a/x"), files={"a/x": b"content"})
        expect(run.value, 1, run.call, run)
    """
    finding = graded(SOURCE, hidden).verdicts[0].finding
    assert finding is not None
    assert schedule.read(finding.schedule).files == {"a/x": b"content"}


def test_a_damaged_schedule_names_no_file_outside(assignment: Any, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text("def f():\n    pass\n")
    for name in ("../x", "/x"):
        scenario = schedule.Scenario("program", "virtual", [schedule.Call("f")], files={name: b""})
        with pytest.raises(schedule.ScheduleError, match="a file that is not in the folder"):
            replay(path, schedule.write(scenario), assignment("def test_it(submission):\n    pass\n"))
