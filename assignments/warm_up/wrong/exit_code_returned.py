# fails: number_is_returned
# Returns the exit code instead of the number.

import os
from multiprocessing import Process
from threading import Thread


def say_hello(name, *, greeting="Hello"):
    print(f"{greeting}, {name}! This is process {os.getpid()}.")


def hello_in_thread(name, greeting="Hello"):
    t = Thread(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    t.start()
    t.join()


def hello_in_process(name, greeting="Hello"):
    p = Process(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    p.start()
    p.join()
    return p.exitcode
