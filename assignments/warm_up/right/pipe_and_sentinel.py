"""A dataclass holds the greeting; the number comes through a Pipe; the wait is on the sentinel, then join."""

import os
from dataclasses import dataclass
from multiprocessing import Pipe, Process, connection
from threading import Thread


def say_hello(name: str, *, greeting: str = "Hello") -> None:
    print(str(Greeting(name, greeting)))


@dataclass(frozen=True)
class Greeting:
    name: str
    greeting: str = "Hello"

    def __str__(self) -> str:
        return f"{self.greeting}, {self.name}! This is process {os.getpid()}."

    def say(self) -> None:
        say_hello(self.name, greeting=self.greeting)

    def say_and_send(self, conn) -> None:
        self.say()
        conn.send(os.getpid())
        conn.close()


def hello_in_thread(name: str, greeting: str = "Hello") -> None:
    t = Thread(target=Greeting(name, greeting).say)
    t.daemon = True
    t.start()
    t.join()


def hello_in_process(name: str, greeting: str = "Hello") -> int:
    ours, theirs = Pipe(duplex=False)
    p = Process(target=Greeting(name, greeting).say_and_send, args=(theirs,))
    p.start()
    theirs.close()
    pid = ours.recv()
    connection.wait([p.sentinel])
    p.join()
    ours.close()
    return pid
