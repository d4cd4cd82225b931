# fails: process_is_started, thread_is_started
# The thread and the process only make the text; the main thread prints it.

import multiprocessing, queue
import os
from multiprocessing import Process
from threading import Thread


def say_hello(name, *, greeting="Hello"):
    print(f"{greeting}, {name}! This is process {os.getpid()}.")


def text(q, name, greeting):
    q.put(f"{greeting}, {name}! This is process {os.getpid()}.")


def hello_in_thread(name, greeting="Hello"):
    q = queue.Queue()
    t = Thread(target=text, args=(q, name, greeting))
    t.start()
    t.join()
    print(q.get())


def hello_in_process(name, greeting="Hello"):
    q = multiprocessing.Queue()
    p = Process(target=text, args=(q, name, greeting))
    p.start()
    print(q.get())
    p.join()
    return p.pid
