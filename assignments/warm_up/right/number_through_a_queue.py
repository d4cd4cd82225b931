"""The process tells its number itself; a lambda is enough for a thread."""

import os
import sys
from multiprocessing import Process, Queue
from threading import Thread


def say_hello(name, *, greeting="Hello"):
    sys.stdout.write("%s, %s! This is process %d.\n" % (greeting, name, os.getpid()))
    sys.stdout.flush()


def hello_in_thread(name, greeting="Hello"):
    thread = Thread(target=lambda: say_hello(name, greeting=greeting), daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.5)


def hello_and_tell(numbers, *args, **kwargs):
    say_hello(*args, **kwargs)
    numbers.put(os.getpid())


def hello_in_process(name, greeting="Hello"):
    numbers = Queue()
    process = Process(target=hello_and_tell, args=(numbers, name), kwargs={"greeting": greeting})
    process.start()
    number = numbers.get()
    process.join()
    return number


if __name__ == "__main__":
    hello_in_thread("Ada")
    print(hello_in_process("Grace"))
