"""A grader for concurrent Python programs whose verdict is a fact about the program, not about the machine.

The data's way through it: submissions, ``intake``, ``sandbox`` and ``world``, ``trace``, ``judge``, ``report``.
Imports run only from right to left, or down to ``model``.
"""

__version__ = "0.1.0"
