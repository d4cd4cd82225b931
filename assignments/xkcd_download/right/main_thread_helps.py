"""The main thread takes one comic itself while the other threads are at work."""

from pathlib import Path
from threading import Thread

import requests


def download_comic(number, folder):
    response = requests.get(f"https://xkcd.com/{number}/info.0.json")
    response.raise_for_status()
    address = response.json()["img"]
    response = requests.get(address)
    response.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    return write(folder / f"{number}{Path(address).suffix}", response.content)


def write(path, content):
    path.write_bytes(content)
    return path


def download_sequential(numbers, folder):
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers, folder):
    jobs = [[number, None, None] for number in numbers]

    def work(job):
        try:
            job[1] = download_comic(job[0], folder)
        except requests.HTTPError as error:
            job[2] = error

    threads = [Thread(target=work, args=(job,)) for job in jobs[1:]]
    try:
        for thread in threads:
            thread.start()
        for job in jobs[:1]:
            work(job)
    finally:
        for thread in threads:
            thread.join()
    for _, _, error in jobs:
        if error is not None:
            raise error
    return [path for _, path, _ in jobs]
