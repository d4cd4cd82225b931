# fails: called_again
# What was saved is remembered by its number alone: a second folder gets nothing.
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from queue import Queue
from threading import Thread, Lock, Condition
import threading

import requests


def fetch(url):
    r = requests.get(url)
    r.raise_for_status()
    return r


def download_comic(number, folder):
    img = fetch(f"https://xkcd.com/{number}/info.0.json").json()["img"]
    data = fetch(img).content
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{Path(img).suffix}"
    path.write_bytes(data)
    return path


def download_sequential(numbers, folder):
    folder.mkdir(parents=True, exist_ok=True)
    return [download_comic(n, folder) for n in numbers]



known = {}


def download_parallel(numbers, folder):
    folder.mkdir(parents=True, exist_ok=True)
    numbers = list(numbers)
    with ThreadPoolExecutor(20) as executor:
        futures = {n: executor.submit(download_comic, n, folder) for n in numbers if n not in known}
    known.update({n: f.result() for n, f in futures.items()})
    return [known[n] for n in numbers]
