# fails: other_greetings
# A mutable default argument: the greeting of the first call stays.

import os
from multiprocessing import Process
from threading import Thread


def say_hello(name, *, greeting="Hello"):
    print(f"{greeting}, {name}! This is process {os.getpid()}.")


def hello_in_thread(name, greeting="Hello", kwargs={}):
    kwargs.setdefault("greeting", greeting)
    t = Thread(target=say_hello, args=(name,), kwargs=kwargs)
    t.start()
    t.join()


def hello_in_process(name, greeting="Hello"):
    p = Process(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    p.start()
    p.join()
    return p.pid
