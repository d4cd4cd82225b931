# right: a dataclass keeps what it has started, Thread or Process alike, and waits for all of it in a finally

import os
from dataclasses import dataclass, field
from multiprocessing import Process
from threading import Thread
from typing import Any, Callable


def say_hello(name: str, *, greeting: str = "Hello") -> None:
    print(f"{greeting}, {name}! This is process {os.getpid()}.")


@dataclass
class Runner:
    factory: Callable[..., Any]
    jobs: list = field(default_factory=list)

    def run(self, fn, *args, **kwargs):
        job = self.factory(target=fn, args=args, kwargs=kwargs)
        self.jobs.append(job)
        job.start()
        return job

    def wait(self):
        while self.jobs:
            self.jobs.pop().join()


def hello_in_thread(name: str, greeting: str = "Hello") -> None:
    r = Runner(Thread)
    try:
        r.run(say_hello, name, greeting=greeting)
    finally:
        r.wait()


def hello_in_process(name: str, greeting: str = "Hello") -> int:
    r = Runner(Process)
    try:
        job = r.run(say_hello, name, greeting=greeting)
    finally:
        r.wait()
    return job.pid


if __name__ == "__main__":
    say_hello("Ada")
    hello_in_thread("Grace", "Good morning")
    number = hello_in_process("Alan", "Good evening")
    print(f"Process {number} has ended, and this is still process {os.getpid()}.")
