# right, clumsy: main looks at the clock every now and then, then waits until no thread is alive; threads by ident
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    box = {"stop": False, "last": 0}
    totals = {}

    def count(name):
        me = threading.get_ident()
        total = 0
        row = 0
        while not box["stop"]:
            total += 1
            if box["last"] == me:
                row += 1
                continue
            if row:
                print(row, "iterations in thread", name)
            box["last"] = me
            row = 1
        print(row, "iterations in thread", name)
        totals[name] = total

    threads = []
    for name in ("a", "b"):
        threads.append(threading.Thread(None, count, None, (name,)))
    begin = time.time()
    for t in threads:
        t.start()
    while time.time() - begin < seconds:
        time.sleep(seconds / 10)
    box["stop"] = True
    while any(t.is_alive() for t in threads):
        time.sleep(0.001)
    return totals


if __name__ == "__main__":
    print(count_iterations(0.1))
