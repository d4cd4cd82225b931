from multiprocessing import Array, Process, Value


def square_slice(array, start, stop):
    for i in range(start, stop):
        array[i] = array[i] * array[i]


def square_all(values, processes=4):
    shared = Array("i", list(values))
    # the first `rest` slices get one value more
    size, rest = divmod(len(values), processes)
    workers = []
    start = 0
    for number in range(processes):
        stop = start + size + (1 if number < rest else 0)
        workers.append(Process(target=square_slice, args=(shared, start, stop)))
        start = stop
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    return list(shared)


def count(value, increments):
    for _ in range(increments):
        with value.get_lock():
            value.value += 1


def count_shared(increments, processes=4):
    value = Value("i", 0)
    workers = [Process(target=count, args=(value, increments)) for _ in range(processes)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    return value.value


if __name__ == "__main__":
    print(square_all([1, 2, 3, 4, 5, 6, 7]))
    print(count_shared(1000))
