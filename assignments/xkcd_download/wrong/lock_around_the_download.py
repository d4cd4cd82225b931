# fails: many_requests_at_once, parallel_is_faster
# A lock is held during the whole download, so only one thread can wait for the network.

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import requests


def download_comic(number, folder):
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    address = info.json()["img"]
    picture = requests.get(address)
    picture.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{Path(address).suffix}"
    path.write_bytes(picture.content)
    return path


def download_sequential(numbers, folder):
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers, folder):
    lock = Lock()

    def work(number):
        with lock:
            return download_comic(number, folder)

    with ThreadPoolExecutor(max_workers=10) as executor:
        return list(executor.map(work, numbers))


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
