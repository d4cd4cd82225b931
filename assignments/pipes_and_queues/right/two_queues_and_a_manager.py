"""Two queues instead of a pipe, and a list of a manager instead of a second queue."""

from multiprocessing import Manager, Process, Queue


def answer(questions, answers):
    for number in iter(questions.get, "stop"):
        answers.put(number**2)


def ask_worker(numbers):
    questions, answers = Queue(), Queue(1)
    worker = Process(target=answer, args=(questions, answers), daemon=True)
    worker.start()
    try:
        squares = []
        for number in numbers:
            questions.put(number)
            squares.append(answers.get())
        return squares
    finally:
        questions.put("stop")
        worker.join()


def produce(queue, producer, items):
    for item in range(items):
        queue.put((producer, item))


def consume(queue, gathered):
    for pair in iter(queue.get, None):
        gathered.append(pair)


def gather(producers, items, consumers=2):
    with Manager() as manager:
        queue, gathered = Queue(), manager.list()
        sources = [Process(target=produce, args=(queue, number, items)) for number in range(producers)]
        readers = [Process(target=consume, args=(queue, gathered)) for _ in range(consumers)]
        for process in sources + readers:
            process.start()
        for process in sources:
            process.join()
        for _ in readers:
            queue.put(None)
        for process in readers:
            process.join()
        return list(gathered)


if __name__ == "__main__":
    print(ask_worker([1, 2, 3, 10]))
    print(gather(3, 4))
