# fails: children_do_the_work
# The loop goes one turn too far: one more process is started, for the values after the last one.

from multiprocessing import Array, Process, Value


def square_slice(array, start, stop):
    for index in range(start, stop):
        array[index] = array[index] ** 2


def square_all(values, processes=4):
    array = Array("i", values)
    size, longer = divmod(len(values), processes)
    workers = []
    start = 0
    for k in range(processes + 1):
        stop = min(start + size + (k < longer), len(values))
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
