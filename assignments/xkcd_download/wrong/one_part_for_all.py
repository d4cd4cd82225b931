# fails: names_and_bytes
# All threads save to one file "download.part" before they rename it: one renames what another has just written.

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests


def download_comic(number, folder):
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    address = info.json()["img"]
    picture = requests.get(address)
    picture.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "download.part"
    part.write_bytes(picture.content)
    path = folder / f"{number}{Path(address).suffix}"
    part.rename(path)
    return path


def download_sequential(numbers, folder):
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers, folder):
    with ThreadPoolExecutor(max_workers=10) as executor:
        return list(executor.map(lambda number: download_comic(number, folder), numbers))


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
