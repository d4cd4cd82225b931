"""The process leaves its number in a shared Value, and an Event tells that it is done; all is checked."""

import os
from multiprocessing import Event, Process, Value
from threading import Event as ThreadEvent, Thread


def say_hello(name, *, greeting="Hello"):
    message = greeting + ", " + name + "! This is process " + str(os.getpid()) + "."
    print(message, flush=True)


def thread_job(name, greeting, done):
    try:
        say_hello(name, greeting=greeting)
    finally:
        done.set()


def hello_in_thread(name, greeting="Hello"):
    done = ThreadEvent()
    t = Thread(target=thread_job, args=(name, greeting, done))
    t.start()
    done.wait()
    t.join()
    assert not t.is_alive()


def process_job(name, greeting, number, done):
    number.value = os.getpid()
    say_hello(name, greeting=greeting)
    done.set()


def hello_in_process(name, greeting="Hello"):
    number = Value("i", 0)
    done = Event()
    p = Process(target=process_job, args=(name, greeting, number, done))
    p.start()
    done.wait()
    p.join()
    if p.exitcode != 0:
        raise RuntimeError(f"the process failed with {p.exitcode}")
    p.close()
    return number.value
