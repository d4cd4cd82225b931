"""Square numbers and count in memory that processes share."""

from collections.abc import Sequence
from multiprocessing import Array, Process, Value


def square_slice(array, start: int, stop: int) -> None:
    """Square the elements array[start:stop] in place. `array` is a shared Array; its other elements are left alone."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def square_all(values: Sequence[int], processes: int = 4) -> list[int]:
    """Return the squares of `values`, computed in a shared Array('i') by child processes, one Process a slice."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


# Write your code here.


def count_shared(increments: int, processes: int = 4) -> int:
    """Start `processes` processes; each adds 1 to one shared Value('i'), `increments` times. Return its last value."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


if __name__ == "__main__":
    print(square_all(range(10)))
    print(count_shared(1000), "of", 4 * 1000)
