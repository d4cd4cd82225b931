"""What the tests of an assignment use. See `autograder.judge.subject.Subject`, the ``submission`` fixture."""

from autograder.judge.chart import not_faster
from autograder.judge.failure import CheckFailed, counted, expect, expect_file, of_any_run, times
from autograder.judge.images import expect_png, png
from autograder.judge.messages import expect_each_once
from autograder.judge.once import made_once
from autograder.judge.primes import why_prime
from autograder.judge.run import Run, speedup
from autograder.judge.slow import why_slow
from autograder.judge.subject import Subject
from autograder.trace.parallelism import most_at_once
from autograder.world import http
from autograder.world.schedule import hurried, random_schedule, slices
from autograder.world.values import generator, in_folder, shared_array

__all__ = [
    "CheckFailed",
    "Run",
    "Subject",
    "counted",
    "expect",
    "expect_each_once",
    "expect_file",
    "expect_png",
    "generator",
    "http",
    "hurried",
    "in_folder",
    "made_once",
    "most_at_once",
    "not_faster",
    "of_any_run",
    "png",
    "random_schedule",
    "shared_array",
    "slices",
    "speedup",
    "times",
    "why_prime",
    "why_slow",
]
