"""xkcd - M. Diaz"""
import os
import threading
from pathlib import Path

import requests


def download_comic(number, folder):
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    url = info.json()["img"]
    r = requests.get(url)
    r.raise_for_status()
    os.makedirs(folder, exist_ok=True)
    path = Path(folder) / (str(number) + Path(url).suffix)
    with open(path, "wb") as f:
        f.write(r.content)
    return path


def download_sequential(numbers, folder):
    paths = []
    for n in numbers:
        paths.append(download_comic(n, folder))
    return paths


def download_parallel(numbers, folder):
    numbers = list(numbers)
    paths = [None] * len(numbers)

    def job(i):
        try:
            paths[i] = download_comic(numbers[i], folder)
        except requests.HTTPError as e:
            # an exception in a thread only makes a mess on the screen
            print("could not download", numbers[i], e)

    threads = [threading.Thread(target=job, args=(i,)) for i in range(len(numbers))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return [p for p in paths if p is not None]


if __name__ == '__main__':
    print(download_parallel(range(100, 110), Path("comics")))
