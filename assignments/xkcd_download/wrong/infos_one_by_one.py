# fails: parallel_is_faster
# Only the pictures are had in threads; the ten infos are asked for one after another before.

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests


def address_of(number):
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    return info.json()["img"]


def save(number, address, folder):
    picture = requests.get(address)
    picture.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{Path(address).suffix}"
    path.write_bytes(picture.content)
    return path


def download_comic(number, folder):
    return save(number, address_of(number), folder)


def download_sequential(numbers, folder):
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers, folder):
    with ThreadPoolExecutor(max_workers=10) as executor:
        futures = [executor.submit(save, number, address_of(number), folder) for number in numbers]
        return [future.result() for future in futures]


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
