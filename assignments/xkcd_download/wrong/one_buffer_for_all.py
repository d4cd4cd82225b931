# fails: names_and_bytes
# All threads put the bytes into one buffer before they save them: one saves what another has just put there.

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

BUFFER = io.BytesIO()


def download_comic(number, folder):
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    address = info.json()["img"]
    picture = requests.get(address)
    picture.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    BUFFER.seek(0)
    BUFFER.truncate()
    BUFFER.write(picture.content)
    path = folder / f"{number}{Path(address).suffix}"
    with path.open("wb") as file:
        file.write(BUFFER.getvalue())
    return path


def download_sequential(numbers, folder):
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers, folder):
    with ThreadPoolExecutor(max_workers=10) as executor:
        return list(executor.map(lambda number: download_comic(number, folder), numbers))


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
