"""A lock of a Manager; a Barrier before all begin; a helper generator; result read under the lock."""

import multiprocessing


def square_slice(array, start, stop):
    for i in range(start, stop):
        array[i] = pow(array[i], 2)


def slices(n, parts):
    for k in range(parts):
        yield k * n // parts, (k + 1) * n // parts


def square_all(values, processes=4):
    array = multiprocessing.Array("i", [*values])
    children = []
    for start, stop in slices(len(values), processes):
        child = multiprocessing.Process(target=square_slice, kwargs={"array": array, "start": start, "stop": stop})
        children.append(child)
    for child in children:
        child.start()
    while any(child.is_alive() for child in children):
        for child in children:
            child.join(0.1)
    with array.get_lock():
        return list(array[:])


def work(counter, lock, barrier, increments):
    barrier.wait()
    done = 0
    while done < increments:
        with lock:
            counter.value += 1
        done += 1


def count_shared(increments, processes=4):
    with multiprocessing.Manager() as manager:
        lock = manager.Lock()
        counter = multiprocessing.Value("i", 0)
        barrier = multiprocessing.Barrier(processes)
        children = [multiprocessing.Process(target=work, args=(counter, lock, barrier, increments)) for _ in range(processes)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        with counter.get_lock():
            return counter.value
