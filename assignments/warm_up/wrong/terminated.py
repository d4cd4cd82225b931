# fails: process_is_joined
# Sleeps a while and then ends the process by force: on a slow computer it is still at work.

import os
import time
from multiprocessing import Process
from threading import Thread


def say_hello(name: str, *, greeting: str = "Hello") -> None:
    print(f"{greeting}, {name}! This is process {os.getpid()}.")


def hello_in_thread(name: str, greeting: str = "Hello") -> None:
    thread = Thread(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    thread.start()
    thread.join()


def hello_in_process(name, greeting="Hello"):
    p = Process(target=say_hello, args=(name,), kwargs={"greeting": greeting})
    p.start()
    time.sleep(0.5)
    p.terminate()
    p.join()
    return p.pid


if __name__ == "__main__":
    say_hello("Ada")
    hello_in_thread("Grace", "Good morning")
    number = hello_in_process("Alan", "Good evening")
    print(f"Process {number} has ended, and this is still process {os.getpid()}.")
