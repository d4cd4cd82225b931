# fails: thread_is_joined
# A join with a time limit is no waiting.

import os
from multiprocessing import Process
from threading import Thread


def say_hello(name, *, greeting="Hello"):
    print(f"{greeting}, {name}! This is process {os.getpid()}.")


def hello_in_thread(name, greeting="Hello"):
    thread = Thread(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    thread.start()
    thread.join(1)


def hello_in_process(name, greeting="Hello"):
    process = Process(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    process.start()
    process.join()
    return process.pid


if __name__ == "__main__":
    hello_in_thread("Ada")
    print(hello_in_process("Grace"))
