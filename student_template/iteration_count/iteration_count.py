"""Two threads take turns: how many loop iterations does each one get in a row?"""

import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    """Run two threads, "a" and "b", side by side for `seconds`, and count the iterations of their loops.

    Whenever a thread finds that the other one has run in between, it prints how many iterations in a row it had
    made before. Each thread prints its last count when it ends. One line a count, in exactly this form:

        797 iterations in thread a

    Return the total of each thread, such as {"a": 3376, "b": 21053}, after both have ended.
    """
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


if __name__ == "__main__":
    for name, total in count_iterations(0.1).items():
        print(f"thread {name} made {total} iterations")
