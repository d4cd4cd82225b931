# right: main sleeps, then sets an Event; globals that every call sets anew
import threading
import time

stop = threading.Event()
last = None
total = {}


def loop(name):
    global last
    iterations = 0
    while not stop.is_set():
        if last != name:
            last = name
            if iterations:
                print(f"{iterations} iterations in thread {name}\n", end="")
            iterations = 0
        iterations += 1
        total[name] += 1
    print(f"{iterations} iterations in thread {name}\n", end="")


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    global last
    stop.clear()
    last = None
    total["a"] = 0
    total["b"] = 0
    ta = threading.Thread(target=loop, args=("a",))
    tb = threading.Thread(target=loop, args=("b",))
    ta.start()
    tb.start()
    time.sleep(seconds)
    stop.set()
    ta.join()
    tb.join()
    return dict(total)


if __name__ == "__main__":
    print(count_iterations(0.1))
