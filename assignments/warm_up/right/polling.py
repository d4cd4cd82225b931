"""Clumsy: looks again and again whether it is still alive, sleeping in between; a main() with argparse."""

import argparse
import os
import time
from multiprocessing import Process
from threading import Thread, current_thread, main_thread


def say_hello(name, *, greeting="Hello"):
    pid = os.getpid()
    print("%s, %s! This is process %s." % (greeting, name, pid))


def hello_in_thread(name, greeting="Hello"):
    def work():
        assert current_thread() is not main_thread()
        say_hello(name, greeting=greeting)

    worker = Thread(target=work)
    worker.start()
    while worker.is_alive():
        time.sleep(0.01)
    worker.join()


def hello_in_process(name, greeting="Hello"):
    worker = Process(target=say_hello, args=(name,), kwargs={"greeting": greeting}, daemon=True)
    worker.start()
    while worker.exitcode is None:
        time.sleep(0.01)
    worker.join()
    return worker.pid


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name", nargs="?", default="Ada")
    args = parser.parse_args()
    hello_in_thread(args.name)
    hello_in_process(args.name)
