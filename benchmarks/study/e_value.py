"""Two processes count n times each in a shared Value. It locks the read and the store, each for itself."""

from multiprocessing import Process, Value


def add(counter, n):
    for _ in range(n):
        counter.value += 1


def main(n=100):
    counter = Value("i", 0)
    processes = [Process(target=add, args=(counter, n)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(counter.value)


if __name__ == "__main__":
    main()
