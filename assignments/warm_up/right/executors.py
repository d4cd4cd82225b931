"""With executors: leaving the with block waits for the end."""

import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def say_hello(name, *, greeting="Hello"):
    print(f"{greeting}, {name}! This is process {os.getpid()}.")


def hello_in_thread(name, greeting="Hello"):
    with ThreadPoolExecutor(max_workers=1) as executor:
        executor.submit(say_hello, name, greeting=greeting).result()


def hello_and_number(name, greeting):
    say_hello(name, greeting=greeting)
    return os.getpid()


def hello_in_process(name, greeting="Hello"):
    with ProcessPoolExecutor(max_workers=1) as executor:
        return executor.submit(hello_and_number, name, greeting).result()


if __name__ == "__main__":
    hello_in_thread("Ada")
    print(hello_in_process("Grace"))
