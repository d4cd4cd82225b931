"""xkcd, by Chen Wei."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import requests


def fetch(address: str) -> requests.Response:
    """GET an address; an error status raises."""
    response = requests.get(address, timeout=30)
    response.raise_for_status()
    return response


def download_comic(number: int, folder: Path) -> Path:
    """Save one comic."""
    img = fetch(f"https://xkcd.com/{number}/info.0.json").json()["img"]
    content = fetch(img).content
    folder.mkdir(parents=True, exist_ok=True)
    path = (folder / str(number)).with_suffix(Path(img).suffix)
    path.write_bytes(content)
    return path


def download_sequential(numbers: Iterable[int], folder: Path) -> list[Path]:
    """Save comics, one after another."""
    return list(map(partial(download_comic, folder=folder), numbers))


def download_parallel(numbers: Iterable[int], folder: Path) -> list[Path]:
    """Save comics, twenty at a time."""
    with ThreadPoolExecutor(max_workers=20) as pool:
        return list(pool.map(partial(download_comic, folder=folder), numbers))


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
