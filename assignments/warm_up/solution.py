"""A thread and a process say hello: how both are started, given arguments, and waited for."""

import os
from multiprocessing import Process
from threading import Thread


def say_hello(name: str, *, greeting: str = "Hello") -> None:
    """Print one line, "Hello, Ada! This is process 4711.", with the number of the process that prints it."""
    # BEGIN SOLUTION
    print(f"{greeting}, {name}! This is process {os.getpid()}.")
    # END SOLUTION


def hello_in_thread(name: str, greeting: str = "Hello") -> None:
    """Let a new thread call say_hello with this name and greeting; return when the thread has ended."""
    # BEGIN SOLUTION
    thread = Thread(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    thread.start()
    thread.join()
    # END SOLUTION


def hello_in_process(name: str, greeting: str = "Hello") -> int:
    """Let a new process call say_hello with this name and greeting; return its number when the process has ended."""
    # BEGIN SOLUTION
    process = Process(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    process.start()
    process.join()
    return process.pid
    # END SOLUTION


if __name__ == "__main__":
    say_hello("Ada")
    hello_in_thread("Grace", "Good morning")
    number = hello_in_process("Alan", "Good evening")
    print(f"Process {number} has ended, and this is still process {os.getpid()}.")
