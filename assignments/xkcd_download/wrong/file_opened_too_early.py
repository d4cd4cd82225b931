# fails: missing_comic_leaves_no_file
# The file is opened before the picture is asked for, so a 404 leaves an empty file.

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests


def download_comic(number, folder):
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    address = info.json()["img"]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{Path(address).suffix}"
    with open(path, "wb") as file:
        picture = requests.get(address)
        picture.raise_for_status()
        file.write(picture.content)
    return path


def download_sequential(numbers, folder):
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers, folder):
    with ThreadPoolExecutor(max_workers=10) as executor:
        return list(executor.map(lambda number: download_comic(number, folder), numbers))


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
