"""The first slices are one longer; a Lock of its own, with try/finally."""

import multiprocessing


def square_slice(array, start, stop):
    position = start
    while position < stop:
        array[position] *= array[position]
        position += 1


def square_all(values, processes=4):
    shared = multiprocessing.Array("i", len(values))
    for position, value in enumerate(values):
        shared[position] = value
    size, longer = divmod(len(values), processes)
    children = []
    start = 0
    for number in range(processes):
        stop = start + size + (1 if number < longer else 0)
        child = multiprocessing.Process(target=square_slice, args=(shared, start, stop))
        child.start()
        children.append(child)
        start = stop
    for child in children:
        child.join()
    result = []
    for position in range(len(values)):
        result.append(shared[position])
    return result


def count_up(counter, lock, increments):
    for _ in range(increments):
        lock.acquire()
        try:
            counter.value = counter.value + 1
        finally:
            lock.release()


def count_shared(increments, processes=4):
    counter = multiprocessing.Value("i")
    lock = multiprocessing.Lock()
    children = []
    for _ in range(processes):
        child = multiprocessing.Process(target=count_up, args=(counter, lock, increments))
        child.start()
        children.append(child)
    for child in children:
        child.join()
    return counter.value


if __name__ == "__main__":
    print(square_all(range(10)), count_shared(1000))
