# fails: process_is_joined, thread_is_joined
# Daemons, which the program does not wait for; is_alive() asked once.

import os
from multiprocessing import Process
from threading import Thread


def say_hello(name, *, greeting="Hello"):
    print(f"{greeting}, {name}! This is process {os.getpid()}.")


def hello_in_thread(name, greeting="Hello"):
    t = Thread(target=say_hello, args=(name,), kwargs={"greeting": greeting}, daemon=True)
    t.start()
    if t.is_alive():
        t.join(timeout=0.5)


def hello_in_process(name, greeting="Hello"):
    p = Process(target=say_hello, args=(name,), kwargs={"greeting": greeting}, daemon=True)
    p.start()
    for _ in range(100):
        if not p.is_alive():
            break
        p.join(0.01)
    return p.pid
