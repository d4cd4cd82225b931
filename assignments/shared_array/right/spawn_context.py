"""Every child starts with a fresh interpreter."""

from multiprocessing import get_context

context = get_context("spawn")


def square_slice(array, start, stop):
    for i in range(start, stop):
        value = array[i]
        array[i] = value * value


def square_all(values, processes=4):
    array = context.Array("i", list(values))
    length = len(values)
    processes_ = [
        context.Process(
            target=square_slice,
            kwargs={"array": array, "start": length * i // processes, "stop": length * (i + 1) // processes},
        )
        for i in range(processes)
    ]
    [p.start() for p in processes_]
    [p.join() for p in processes_]
    return list(array)


def add_one(counter, increments):
    lock = counter.get_lock()
    for _ in range(increments):
        with lock:
            counter.value += 1


def count_shared(increments, processes=4):
    counter = context.Value("i", 0)
    processes_ = [context.Process(target=add_one, args=(counter, increments)) for _ in range(processes)]
    [p.start() for p in processes_]
    [p.join() for p in processes_]
    return counter.value
