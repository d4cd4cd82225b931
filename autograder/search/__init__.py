"""Which schedules to try: from what one run did to the runs that could show something else.

`dependence` finds the pairs of operations of a run whose order matters and could have been the other way round;
`frontier` keeps the schedules that turn one of them round, and says when none is left.
"""

from autograder.search.frontier import Frontier

__all__ = ["Frontier"]
