# fails: called_again
# The file is opened for appending: a comic that is there already gets a second picture behind the first one.

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests


def download_sequential(numbers: Iterable[int], folder: Path) -> list[Path]:
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers: Iterable[int], folder: Path) -> list[Path]:
    # Leaving the with block waits for all the threads, also where result() raises.
    with ThreadPoolExecutor(max_workers=10) as executor:
        futures = [executor.submit(download_comic, number, folder) for number in numbers]
        return [future.result() for future in futures]


def download_comic(number, folder):
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    address = info.json()["img"]
    picture = requests.get(address)
    picture.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{Path(address).suffix}"
    with open(path, "ab") as f:
        f.write(picture.content)
    return path


if __name__ == "__main__":
    from time import perf_counter

    for download in (download_sequential, download_parallel):
        begin = perf_counter()
        paths = download(range(100, 110), Path("comics"))
        print(f"{download.__name__}: {len(paths)} comics in {perf_counter() - begin:.2f} s")
