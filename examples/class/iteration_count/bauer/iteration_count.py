import time
from threading import Thread

last = ""
totals = {}


def loop(name, until):
    global last
    n = 0
    while time.time() < until:
        if last != name:
            if n > 0:
                print(n, "iterations in thread", name)
            n = 0
            last = name
        n = n + 1
        totals[name] = totals[name] + 1
    print(n, "iterations in thread", name)


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    global last
    last = ""
    totals["a"] = 0
    totals["b"] = 0
    until = time.time() + seconds
    Thread(target=loop, args=("a", until)).start()
    Thread(target=loop, args=("b", until)).start()
    # wait until the time is over, then both loops have ended
    time.sleep(seconds)
    return dict(totals)


if __name__ == "__main__":
    print(count_iterations())
