# fails: missing_comic_in_parallel
# Futures with an exception are left out of the list.

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
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
    # Leaving the with block waits for all the threads, also where result() raises.
    with ThreadPoolExecutor(max_workers=10) as executor:
        futures = [executor.submit(download_comic, number, folder) for number in numbers]
        return [future.result() for future in futures if not future.exception()]


if __name__ == "__main__":
    from time import perf_counter

    for download in (download_sequential, download_parallel):
        begin = perf_counter()
        paths = download(range(100, 110), Path("comics"))
        print(f"{download.__name__}: {len(paths)} comics in {perf_counter() - begin:.2f} s")
