# right, clumsy: a join with a time limit serves as the timer only; both are joined without a limit afterwards
import itertools
import sys
import threading


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    finished = False
    last = ""
    counts = {"a": [0], "b": [0]}  # a list of the counts in a row for each thread

    def run(name):
        nonlocal last
        mine = counts[name]
        for _ in itertools.count():
            if finished:
                break
            if last != name and mine[-1] > 0:
                sys.stdout.write(f"{mine[-1]} iterations in thread {name}\n")
                mine.append(0)
            last = name
            mine[-1] += 1
        sys.stdout.write(f"{mine[-1]} iterations in thread {name}\n")

    a = threading.Thread(target=run, args=["a"])
    b = threading.Thread(target=run, args=["b"])
    a.start()
    b.start()
    a.join(timeout=seconds)
    finished = True
    a.join()
    b.join()
    return {name: sum(mine) for name, mine in counts.items()}


if __name__ == "__main__":
    print(count_iterations(0.1))
