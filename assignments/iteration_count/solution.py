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
    # BEGIN SOLUTION
    totals = {"a": 0, "b": 0}
    ran_last = None  # the name of the thread that made the last iteration

    def count(name: str) -> None:
        nonlocal ran_last
        in_a_row = 0
        while time.perf_counter() < end:
            if ran_last != name:
                if in_a_row > 0:  # not before the first iteration
                    print(f"{in_a_row} iterations in thread {name}")
                in_a_row = 0
                ran_last = name
            in_a_row += 1
            totals[name] += 1  # only this thread changes its own total
        print(f"{in_a_row} iterations in thread {name}")

    threads = [threading.Thread(target=count, args=(name,)) for name in totals]
    end = time.perf_counter() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return totals
    # END SOLUTION


if __name__ == "__main__":
    for name, total in count_iterations(0.1).items():
        print(f"thread {name} made {total} iterations")
