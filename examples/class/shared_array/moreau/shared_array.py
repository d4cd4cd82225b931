from multiprocessing import Array, Process, Value

finished = Value("i", 0)


def square_slice(array, start, stop):
    for index in range(start, stop):
        array[index] = array[index] ** 2


def square_all(values, processes=4):
    array = Array("i", values)
    n = len(values)
    workers = [
        Process(target=square_slice, args=(array, n * k // processes, n * (k + 1) // processes))
        for k in range(processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return array[:]


def add(counter, increments):
    for _ in range(increments):
        with counter.get_lock():
            counter.value += 1
    finished.value += 1


def count_shared(increments, processes=4):
    counter = Value("i", 0)
    for _ in range(processes):
        Process(target=add, args=(counter, increments)).start()
    return counter.value


# test
result = count_shared(10)
while finished != 4:
    print("waiting for the processes, finished so far:", finished)
print(result)
