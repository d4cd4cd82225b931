"""What the tests of an assignment use. See `autograder.judge.subject.Subject`, the ``submission`` fixture."""

from autograder.judge.chart import not_faster
from autograder.judge.failure import CheckFailed, counted, expect, expect_file, of_any_run
from autograder.judge.messages import expect_each_once
from autograder.judge.run import Run, speedup
from autograder.judge.slow import why_slow
from autograder.judge.subject import Subject
from autograder.world import http
from autograder.world.schedule import random_schedule, slices
from autograder.world.values import generator, in_folder, shared_array

__all__ = [
    "CheckFailed",
    "Run",
    "Subject",
    "counted",
    "expect",
    "expect_each_once",
    "expect_file",
    "generator",
    "http",
    "in_folder",
    "not_faster",
    "of_any_run",
    "random_schedule",
    "shared_array",
    "slices",
    "speedup",
    "why_slow",
]
