# fails: names_and_bytes
# The lock guards the writing of the one file that all threads save to, but not its new name.

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import requests

LOCK = Lock()


def download_comic(number, folder):
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    address = info.json()["img"]
    picture = requests.get(address)
    picture.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "part"
    with LOCK, part.open("wb") as file:
        file.write(picture.content)
    path = folder / f"{number}{Path(address).suffix}"
    part.replace(path)
    return path


def download_sequential(numbers, folder):
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers, folder):
    with ThreadPoolExecutor(max_workers=10) as executor:
        return list(executor.map(lambda number: download_comic(number, folder), numbers))


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
