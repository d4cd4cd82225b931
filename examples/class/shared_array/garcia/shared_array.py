# Shared memory
# Lucia Garcia
from multiprocessing import Array, Lock, Process, Value

lock = Lock()


def square_slice(array, start, stop):
    for i in range(start, stop):
        array[i] **= 2


def square_all(values, processes=4):
    array = Array('i', list(values))
    step = len(values) // processes
    ps = []
    for k in range(processes):
        p = Process(target=square_slice, args=(array, k * step, (k + 1) * step))
        p.start()
        ps.append(p)
    for p in ps:
        p.join()
    return array[:]


def add(counter, n):
    for _ in range(n):
        with counter.get_lock():
            counter.value += 1


def count_shared(increments, processes=4):
    counter = Value('i', 0)
    ps = []
    for k in range(processes):
        p = Process(target=add, args=(counter, increments))
        p.start()
        ps.append(p)
    for p in ps:
        p.join()
    return counter.value


if __name__ == '__main__':
    print(square_all(list(range(8))))
