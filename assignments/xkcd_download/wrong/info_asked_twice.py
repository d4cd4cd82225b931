# fails: each_address_once
# A helper asks for the info once for the address and once more for the suffix.

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests


def picture_of(number):
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    return info.json()["img"]


def download_comic(number, folder):
    picture = requests.get(picture_of(number))
    picture.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{Path(picture_of(number)).suffix}"
    path.write_bytes(picture.content)
    return path


def download_sequential(numbers, folder):
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers, folder):
    with ThreadPoolExecutor(max_workers=10) as executor:
        return list(executor.map(lambda number: download_comic(number, folder), numbers))


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
