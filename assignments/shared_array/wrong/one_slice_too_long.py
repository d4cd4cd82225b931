# fails: uneven_lengths
# `<=` for `<`: one slice too many is one longer, and the last one reaches past the end. All elements are squared by
# the time that its process dies of the IndexError, which only its traceback tells.

from multiprocessing import Array, Process, Value


def square_slice(array, start, stop):
    for index in range(start, stop):
        array[index] = array[index] ** 2


def square_all(values, processes=4):
    array = Array("i", values)
    size, longer = divmod(len(values), processes)
    workers = []
    start = 0
    for k in range(processes):
        stop = start + size + (1 if k <= longer and longer else 0)
        workers.append(Process(target=square_slice, args=(array, start, stop)))
        start = stop
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return array[:]


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
