# fails: slice_leaves_the_rest, each_element_once
# The whole array is read, squared in part, and written back: the other processes' squares are overwritten.

from multiprocessing import Array, Process, Value


def square_slice(array, start, stop):
    values = array[:]
    values[start:stop] = [value**2 for value in values[start:stop]]
    array[:] = values


def square_all(values, processes=4):
    array = Array("i", values)
    workers = []
    for k in range(processes):
        start = len(values) * k // processes
        stop = len(values) * (k + 1) // processes
        workers.append(Process(target=square_slice, args=(array, start, stop)))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return list(array)


def add(counter, increments):
    for _ in range(increments):
        with counter.get_lock():
            counter.value += 1


def count_shared(increments, processes=4):
    counter = Value("i", 0)
    workers = [Process(target=add, args=(counter, increments)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return counter.value


if __name__ == "__main__":
    print(square_all(range(10)))
    print(count_shared(1000))
