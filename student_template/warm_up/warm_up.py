"""A thread and a process say hello: how both are started, given arguments, and waited for."""

import os
from multiprocessing import Process
from threading import Thread


def say_hello(name: str, *, greeting: str = "Hello") -> None:
    """Print one line, "Hello, Ada! This is process 4711.", with the number of the process that prints it."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def hello_in_thread(name: str, greeting: str = "Hello") -> None:
    """Let a new thread call say_hello with this name and greeting; return when the thread has ended."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def hello_in_process(name: str, greeting: str = "Hello") -> int:
    """Let a new process call say_hello with this name and greeting; return its number when the process has ended."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


if __name__ == "__main__":
    say_hello("Ada")
    hello_in_thread("Grace", "Good morning")
    number = hello_in_process("Alan", "Good evening")
    print(f"Process {number} has ended, and this is still process {os.getpid()}.")
