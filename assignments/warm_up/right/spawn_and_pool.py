"""A pool of one worker under a context of its own, and functools.partial."""

import multiprocessing
import os
from functools import partial
from threading import Thread


def say_hello(name, *, greeting="Hello"):
    print(f"{greeting}, {name}! This is process {os.getpid()}.")


def hello_in_thread(name, greeting="Hello"):
    started = [Thread(target=partial(say_hello, name, greeting=greeting))]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


def number(_):
    return os.getpid()


def hello_in_process(name, greeting="Hello"):
    pool = multiprocessing.get_context("spawn").Pool(1)
    try:
        pool.apply(say_hello, (name,), {"greeting": greeting})
        return pool.apply(number, (0,))
    finally:
        pool.close()
        pool.join()


if __name__ == "__main__":
    hello_in_thread("Ada")
    print(hello_in_process("Grace"))
