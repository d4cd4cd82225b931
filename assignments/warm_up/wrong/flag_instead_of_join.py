# fails: process_is_joined, thread_is_joined
# An event that is set at the begin of the work says nothing about its end.

import os
from multiprocessing import Process
from threading import Thread


def say_hello(name, *, greeting="Hello"):
    print(f"{greeting}, {name}! This is process {os.getpid()}.")

import multiprocessing, threading


def hello_soon(begun, name, greeting):
    begun.set()
    say_hello(name, greeting=greeting)


def hello_in_thread(name, greeting="Hello"):
    begun = threading.Event()
    Thread(target=hello_soon, args=(begun, name, greeting)).start()
    begun.wait()


def hello_in_process(name, greeting="Hello"):
    begun = multiprocessing.Event()
    p = Process(target=hello_soon, args=(begun, name, greeting))
    p.start()
    begun.wait()
    return p.pid
