# fails: each_element_once
# Every process writes all the squares. The result is right, and nothing was shared out.

from multiprocessing import Array, Process, Value


def square_slice(array, start, stop):
    for index in range(start, stop):
        array[index] = array[index] ** 2


def write_squares(array, values):
    for index in range(len(values)):
        array[index] = values[index] ** 2


def square_all(values, processes=4):
    array = Array("i", len(values))
    workers = [Process(target=write_squares, args=(array, values)) for _ in range(processes)]
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
