# fails: hello_is_printed, thread_says_hello, process_says_hello, other_greetings
# say_hello returns its line and prints nothing.

import os
from multiprocessing import Process
from threading import Thread


def hello_in_thread(name: str, greeting: str = "Hello") -> None:
    thread = Thread(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    thread.start()
    thread.join()


def hello_in_process(name: str, greeting: str = "Hello") -> int:
    process = Process(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    process.start()
    process.join()
    return process.pid


def say_hello(name, *, greeting="Hello"):
    return f"{greeting}, {name}! This is process {os.getpid()}."


if __name__ == "__main__":
    say_hello("Ada")
    hello_in_thread("Grace", "Good morning")
    number = hello_in_process("Alan", "Good evening")
    print(f"Process {number} has ended, and this is still process {os.getpid()}.")
