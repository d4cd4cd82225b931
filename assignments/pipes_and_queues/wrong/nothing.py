# fails: ask_worker_idle, ask_worker_ends, gather_idle, gather_ends
# The right values, and no process that anybody would have to wait for.


def ask_worker(numbers):
    return [number * number for number in numbers]


def gather(producers, items, consumers=2):
    return [(producer, item) for producer in range(producers) for item in range(items)]
