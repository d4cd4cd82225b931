# right: the threads wait at a gate (a Condition) until both are there; the loop is a try/finally that prints last
import threading
import time


class Race:
    def __init__(self, seconds):
        self.seconds = seconds
        self.gate = threading.Condition()
        self.ready = 0
        self.end = None
        self.who = None
        self.totals = {}

    def enter(self):
        with self.gate:
            self.ready += 1
            if self.ready == 2:
                self.end = time.monotonic() + self.seconds
                self.gate.notify_all()
            else:
                self.gate.wait_for(lambda: self.end is not None)

    def run(self, name):
        self.enter()
        since, total = 0, 0
        try:
            while True:
                if time.monotonic() >= self.end:
                    return
                if self.who != name and since > 0:
                    print(f"{since} iterations in thread {name}")
                    since = 0
                self.who = name
                since += 1
                total += 1
        finally:
            self.totals[name] = total
            print(f"{since} iterations in thread {name}")


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    race = Race(seconds)
    threads = [threading.Thread(target=race.run, args=(name,)) for name in ["a", "b"]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"a": race.totals["a"], "b": race.totals["b"]}


if __name__ == "__main__":
    print(count_iterations(0.1))
