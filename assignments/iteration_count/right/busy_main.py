# right, wasteful: main counts down in a busy loop of its own while the two threads run
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    running = [True]
    last = [None]
    total = {"a": 0, "b": 0}

    def work(name):
        n = 0
        while running[0]:
            if last[0] != name:
                if n:
                    print(f"{n} iterations in thread {name}")
                n = 0
                last[0] = name
            n += 1
            total[name] += 1
        print(f"{n} iterations in thread {name}")

    pair = threading.Thread(target=work, args=("a",)), threading.Thread(target=work, args=("b",))
    start = time.perf_counter()
    for t in pair:
        t.start()
    while time.perf_counter() - start < seconds:
        pass
    running[0] = False
    for t in pair:
        t.join()
    return total


if __name__ == "__main__":
    print(count_iterations(0.1))
