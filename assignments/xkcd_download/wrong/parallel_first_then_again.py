# fails: each_address_once
# The threads download everything, and then each comic is downloaded once more to get its path.

from pathlib import Path
from threading import Thread

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
    numbers = list(numbers)
    threads = [Thread(target=download_comic, args=(number, folder)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [download_comic(number, folder) for number in numbers]


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
