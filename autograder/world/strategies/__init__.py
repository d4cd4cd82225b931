"""Strategies choose which task goes on: the order of a run, and nothing else of it.

Each is a file of its own behind one protocol of two questions: who goes on, and for how many ticks. A strategy is
*timed* if it follows virtual time on the modelled machine; then a sleep ends when its time has come. The others
choose an order freely, as an operating system may: a sleep is a place to be overtaken, and its end may come at once
or late, because a program that is right only for some speeds is not right.

Prior art: shuttle's ``Scheduler`` trait (``new_execution``, ``next_task``), where a schedule is data as well.
"""

from autograder.world.strategies.base import Candidate, Strategy, View
from autograder.world.strategies.fixed import Eager, NonPreemptive, RoundRobin
from autograder.world.strategies.pct import Pct
from autograder.world.strategies.replay import Replay, Switch
from autograder.world.strategies.slices import Slices
from autograder.world.strategies.virtual import VirtualTime

__all__ = [
    "Candidate",
    "Eager",
    "NonPreemptive",
    "Pct",
    "Replay",
    "RoundRobin",
    "Slices",
    "Strategy",
    "Switch",
    "View",
    "VirtualTime",
]
