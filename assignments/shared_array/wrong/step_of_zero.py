# fails: few_values
# With fewer values than processes the length of a slice is 0, and range() does not take a step of 0.

from multiprocessing import Array, Process, Value


def square_slice(array, start, stop):
    for index in range(start, stop):
        array[index] = array[index] ** 2


def square_all(values, processes=4):
    array = Array("i", values)
    size = len(values) // processes
    workers = []
    for start in range(0, len(values), size):
        workers.append(Process(target=square_slice, args=(array, start, min(start + size, len(values)))))
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
