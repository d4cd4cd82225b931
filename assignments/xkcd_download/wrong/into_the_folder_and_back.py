# fails: names_and_bytes
# Each thread goes into the folder to save and then back to where it was; the current folder belongs to all threads.
import os
import threading
from pathlib import Path

import requests


def download_comic(number, folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    url = info.json()["img"]
    image = requests.get(url)
    image.raise_for_status()
    name = f"{number}{Path(url).suffix}"
    before = os.getcwd()
    os.chdir(folder)
    with open(name, "wb") as file:
        file.write(image.content)
    os.chdir(before)
    return folder / name


def download_sequential(numbers, folder):
    return [download_comic(n, folder) for n in numbers]


def download_parallel(numbers, folder):
    numbers = list(numbers)
    results = [None] * len(numbers)
    errors = []

    def work(i, n):
        try:
            results[i] = download_comic(n, folder)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(i, n)) for i, n in enumerate(numbers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        raise errors[0]
    return results
