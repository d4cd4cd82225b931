# fails: start_methods
# A global variable that is set later: a fresh Python has the one of the file.

import os
from multiprocessing import Process
from threading import Thread

chosen = "Hello"


def say_hello(name, *, greeting="Hello"):
    print(f"{greeting}, {name}! This is process {os.getpid()}.")


def hello_in_thread(name, greeting="Hello"):
    thread = Thread(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    thread.start()
    thread.join()


def hello(name):
    say_hello(name, greeting=chosen)


def hello_in_process(name, greeting="Hello"):
    global chosen
    chosen = greeting
    process = Process(target=hello, args=(name,))
    process.start()
    process.join()
    return process.pid


if __name__ == "__main__":
    hello_in_thread("Ada")
    print(hello_in_process("Grace"))
