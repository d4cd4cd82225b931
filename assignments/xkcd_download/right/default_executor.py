"""ThreadPoolExecutor() with its own number of threads, and map()."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import repeat
from pathlib import Path

import requests


def fetch(address):
    response = requests.get(address)
    response.raise_for_status()
    return response


def download_comic(number, folder):
    address = fetch(f"https://xkcd.com/{number}/info.0.json").json()["img"]
    picture = fetch(address).content
    folder.mkdir(exist_ok=True, parents=True)
    path = Path(folder, f"{number}.{address.split('.')[-1]}")
    path.write_bytes(picture)
    return path


def download_sequential(numbers, folder):
    return list(map(partial(download_comic, folder=folder), numbers))


def download_parallel(numbers, folder):
    with ThreadPoolExecutor() as executor:
        return list(executor.map(download_comic, numbers, repeat(folder)))
