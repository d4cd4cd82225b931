# fails: count_on_every_schedule, count_under_one_lock
# There are two locks, and the processes take one or the other in turn.

from multiprocessing import Array, Lock, Process, Value


def square_slice(array, start, stop):
    for index in range(start, stop):
        array[index] = array[index] ** 2


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


def add(counter, lock, increments):
    for _ in range(increments):
        with lock:
            counter.value += 1


def count_shared(increments, processes=4):
    counter = Value("i", 0)
    locks = [Lock(), Lock()]
    workers = [Process(target=add, args=(counter, locks[k % 2], increments)) for k in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return counter.value


if __name__ == "__main__":
    print(square_all(range(10)))
    print(count_shared(1000))
