"""Slow and clumsy, but right: a Session a thread, polling until all threads are dead, and an Event a comic."""

import threading
import time
from pathlib import Path

import requests

local = threading.local()


def session():
    if not hasattr(local, "session"):
        local.session = requests.Session()
    return local.session


def download_comic(number, folder):
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        pass
    response = session().get("https://xkcd.com/%d/info.0.json" % number)
    if response.status_code == 404:
        raise requests.HTTPError("no such comic: %d" % number)
    address = response.json()["img"]
    response = session().get(address)
    if response.status_code == 404:
        raise requests.HTTPError("no picture: %s" % address)
    data = b""
    for byte in response.iter_content(1):
        data += byte
    path = folder / ("%d%s" % (number, address[address.rfind(".") :]))
    file = open(path, "wb")
    try:
        file.write(data)
    finally:
        file.close()
    return path


def download_sequential(numbers, folder):
    paths = []
    iterator = iter(numbers)
    while True:
        try:
            number = next(iterator)
        except StopIteration:
            return paths
        paths.append(download_comic(number, folder))


def download_parallel(numbers, folder):
    order = []
    done = {}
    paths = {}
    errors = []
    threads = []

    def job(number):
        try:
            paths[number] = download_comic(number, folder)
        except BaseException as error:
            errors.append(error)
        finally:
            done[number].set()

    for number in numbers:
        order.append(number)
        done[number] = threading.Event()
        threads.append(threading.Thread(target=job, args=[number]))
    for thread in threads:
        thread.start()
    for event in done.values():
        event.wait()
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.01)
    if len(errors) > 0:
        raise errors[0]
    return [paths[number] for number in order]
