# right: a ThreadPoolExecutor; each thread returns its total as the result of a future
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter_ns


class Shared:
    def __init__(self):
        self.current = ""


def work(name, shared, deadline):
    total = count = 0
    while perf_counter_ns() <= deadline:
        if shared.current != name:
            if count:
                print("%d iterations in thread %s" % (count, name))
            total += count
            count = 0
            shared.current = name
        count += 1
    print("%d iterations in thread %s" % (count, name))
    return total + count


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    shared = Shared()
    with ThreadPoolExecutor(max_workers=2) as executor:
        deadline = perf_counter_ns() + int(seconds * 1_000_000_000)
        futures = {name: executor.submit(work, name, shared, deadline) for name in ("a", "b")}
    return {name: future.result() for name, future in futures.items()}


if __name__ == "__main__":
    print(count_iterations(0.1))
