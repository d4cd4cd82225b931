# fails: threads_joined
# Daemon threads and a results dict that is polled: done when all paths are there, and not when all threads have ended.

from collections.abc import Iterable
import threading
import time
from pathlib import Path

import requests


def download_comic(number: int, folder: Path) -> Path:
    """Download the comic `number` into `folder` and return the path of the picture.

    The address https://xkcd.com/{number}/info.0.json gives a JSON object; its "img" is the address of the picture. The
    picture is saved as folder/{number}{suffix of img}, for example comics/100.jpg. A missing folder is made. If one of
    the two addresses answers 404, requests.HTTPError is raised and the comic leaves no file.
    """
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    address = info.json()["img"]
    picture = requests.get(address)
    picture.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{Path(address).suffix}"
    path.write_bytes(picture.content)
    return path


def download_sequential(numbers: Iterable[int], folder: Path) -> list[Path]:
    """Download the comics one after another and return their paths, in the order of `numbers`."""
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers: Iterable[int], folder: Path) -> list[Path]:
    """Download the comics in threads, many at the same time, and return their paths, in the order of `numbers`.

    If a comic raises requests.HTTPError, this function raises it too, but only after all of its threads have ended.
    """
    numbers = list(numbers)
    found = {}

    def one(number):
        try:
            found[number] = download_comic(number, folder)
        except requests.HTTPError as error:
            found[number] = error
        time.sleep(0.01)

    for number in numbers:
        threading.Thread(target=one, args=(number,), daemon=True).start()
    while len(found) < len(numbers):
        time.sleep(0.001)
    for number in numbers:
        if isinstance(found[number], Exception):
            raise found[number]
    return [found[number] for number in numbers]


if __name__ == "__main__":
    from time import perf_counter

    for download in (download_sequential, download_parallel):
        begin = perf_counter()
        paths = download(range(100, 110), Path("comics"))
        print(f"{download.__name__}: {len(paths)} comics in {perf_counter() - begin:.2f} s")
