# right: a threading.Timer sets the event that ends both; the thread's name is its own name
import threading


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    done = threading.Event()
    last = [None]
    totals = {"a": 0, "b": 0}

    def target():
        name = threading.current_thread().name
        runs = 0
        while True:
            if done.is_set():
                break
            if last[0] != name:
                if runs != 0:
                    print(str(runs) + " iterations in thread " + name)
                runs = 0
                last[0] = name
            runs += 1
            totals[name] += 1
        print(str(runs) + " iterations in thread " + name)

    workers = [threading.Thread(target=target, name="a"), threading.Thread(target=target, name="b")]
    timer = threading.Timer(seconds, done.set)
    timer.start()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return totals


if __name__ == "__main__":
    print(count_iterations(0.1))
