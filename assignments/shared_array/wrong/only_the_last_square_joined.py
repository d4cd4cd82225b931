# fails: all_joined
# join() stands where the list of workers ends. The last slice is never shorter than the others, so that mostly all
# are done by then.

from multiprocessing import Array, Process, Value


def square_slice(array, start, stop):
    for index in range(start, stop):
        array[index] = array[index] ** 2


def square_all(values, processes=4):
    array = Array("i", values)
    bounds = [len(values) * k // processes for k in range(processes + 1)]
    workers = [Process(target=square_slice, args=(array, bounds[k], bounds[k + 1])) for k in range(processes)]
    for worker in workers:
        worker.start()
    workers[-1].join()
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
