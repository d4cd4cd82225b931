# fails: number_is_returned
# Process numbers often go up by one, but not always: somebody else may have started something.

import os
from multiprocessing import Process
from threading import Thread


def say_hello(name, *, greeting="Hello"):
    print(f"{greeting}, {name}! This is process {os.getpid()}.")


def hello_in_thread(name, greeting="Hello"):
    thread = Thread(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    thread.start()
    thread.join()


def hello_in_process(name, greeting="Hello"):
    process = Process(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    process.start()
    process.join()
    return os.getpid() + 1
