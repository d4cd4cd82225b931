# right: the arguments of Thread and Process by place; looks for its thread among all; the process's ident

import multiprocessing
import multiprocessing.connection
import os
import threading


def say_hello(name: str, *, greeting: str = "Hello") -> None:
    print(f"{greeting}, {name}! This is process {os.getpid()}.")


def hello_in_thread(name, greeting="Hello"):
    t = threading.Thread(None, say_hello, "T", (name,), {"greeting": greeting})
    t.start()
    for u in threading.enumerate():
        if u is t:
            u.join()
    t.join()


def hello_in_process(name, greeting="Hello"):
    p = multiprocessing.Process(None, say_hello, "P", (name,), {"greeting": greeting})
    p.start()
    multiprocessing.connection.wait([p.sentinel])
    p.join()
    return p.ident


if __name__ == "__main__":
    say_hello("Ada")
    hello_in_thread("Grace", "Good morning")
    number = hello_in_process("Alan", "Good evening")
    print(f"Process {number} has ended, and this is still process {os.getpid()}.")
