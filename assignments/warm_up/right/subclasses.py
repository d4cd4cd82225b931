"""A subclass of Thread and one of Process, each with a run() of its own."""

import os
from multiprocessing import Process
from threading import Thread


def say_hello(name, *, greeting="Hello"):
    print(greeting, ", ", name, "! This is process ", os.getpid(), ".", sep="")


class HelloThread(Thread):
    def __init__(self, name, greeting):
        super().__init__()
        self.who, self.greeting = name, greeting

    def run(self):
        say_hello(self.who, greeting=self.greeting)


class HelloProcess(Process):
    def __init__(self, name, greeting):
        super().__init__()
        self.who, self.greeting = name, greeting

    def run(self):
        say_hello(self.who, greeting=self.greeting)


def hello_in_thread(name, greeting="Hello"):
    thread = HelloThread(name, greeting)
    thread.start()
    thread.join()


def hello_in_process(name, greeting="Hello"):
    process = HelloProcess(name, greeting)
    process.start()
    process.join()
    return process.ident


if __name__ == "__main__":
    hello_in_thread("Ada")
    print(hello_in_process("Grace"))
