"""No more processes than values; everything global, reached by fork."""

import math
from multiprocessing import Array, Process, RLock, Value

array = None
total = Value("i", 0)
lock = RLock()


def square_slice(array, start, stop):
    for index in range(start, stop):
        array[index] = array[index] * array[index]


def square_my_slice(start, stop):
    square_slice(array, start, stop)


def square_all(values, processes=4):
    global array
    if len(values) == 0:
        return []
    array = Array("i", values)
    step = math.ceil(len(values) / processes)
    workers = {}
    for start in range(0, len(values), step):
        workers[start] = Process(target=square_my_slice, args=(start, min(start + step, len(values))))
        workers[start].start()
    for start in workers:
        workers[start].join()
    return [int(value) for value in array]


def step_up():
    with lock, total.get_lock():
        total.value += 1


def steps(increments):
    for _ in range(increments):
        step_up()


def count_shared(increments, processes=4):
    with lock:
        total.value = 0
    workers = [Process(target=steps, args=(increments,)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return total.value
