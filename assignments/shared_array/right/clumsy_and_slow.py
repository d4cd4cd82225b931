"""Too many locks, slices one too long with idle processes behind, polling and joining; and right."""

import time
from multiprocessing import Array, Process, Semaphore, Value


def square_slice(array, start, stop):
    index = start
    while True:
        if index >= stop:
            break
        with array.get_lock():
            number = array[index]
            square = 0
            for _ in range(min(abs(number), 10)):
                square = number * number
            array[index] = square
        index = index + 1


def square_all(values, processes=4):
    array = Array("i", [0] * len(values))
    for index in range(len(values)):
        array[index] = values[index]
    size = len(values) // processes + 1
    children = []
    for child in range(processes):
        start = child * size
        stop = start + size
        if start > len(values):
            start = len(values)
        if stop > len(values):
            stop = len(values)
        children.append(Process(target=square_slice, args=(array, start, stop)))
    for child in children:
        child.start()
    for child in children:
        while child.is_alive():
            time.sleep(0.001)
        child.join()
    return list(array[0 : len(values)])


def count(value, gate, increments):
    done = 0
    while done < increments:
        gate.acquire()
        old = value.value
        new = old + 1
        value.value = new
        gate.release()
        done = done + 1


def count_shared(increments, processes=4):
    value = Value("i", 0)
    gate = Semaphore(1)
    children = []
    for _ in range(processes):
        children.append(Process(target=count, args=(value, gate, increments)))
    for child in children:
        child.start()
    for child in children:
        child.join()
        child.close()
    return value.value
