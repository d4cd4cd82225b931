"""A context manager of one's own starts on entry and joins on exit; constants and input validation."""
from __future__ import annotations

import logging
import multiprocessing as mp
import os
import sys
import threading
from contextlib import contextmanager

logging.basicConfig(stream=sys.stderr, level=logging.DEBUG, format="%(asctime)s %(message)s")
log = logging.getLogger(__name__)

TEMPLATE = "{greeting}, {name}! This is process {pid}."


def say_hello(name: str, *, greeting: str = "Hello") -> None:
    if not isinstance(name, str):
        raise TypeError("name must be a string")
    print(TEMPLATE.format(greeting=greeting, name=name, pid=os.getpid()))


@contextmanager
def running(worker):
    log.info("starting %s", worker.name)
    worker.start()
    try:
        yield worker
    finally:
        worker.join()
        log.info("%s has ended", worker.name)


def hello_in_thread(name: str, greeting: str = "Hello") -> None:
    with running(threading.Thread(target=say_hello, name="greeter", args=[name], kwargs=dict(greeting=greeting))):
        pass


def hello_in_process(name: str, greeting: str = "Hello") -> int:
    with running(mp.Process(target=say_hello, name="greeter", args=[name], kwargs=dict(greeting=greeting))) as p:
        pid = p.pid
    return pid


def main():
    say_hello("Ada")
    hello_in_thread("Grace")
    print(hello_in_process("Alan"))


if __name__ == "__main__":
    main()
