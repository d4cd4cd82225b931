#!/usr/bin/env python3
"""Download xkcd comics.

usage: xkcd_download.py FIRST LAST
"""
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

if len(sys.argv) != 3:
    print(__doc__)
    sys.exit(1)


def download_comic(number: int, folder: Path) -> Path:
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    url = info.json()["img"]
    image = requests.get(url)
    image.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{Path(url).suffix}"
    path.write_bytes(image.content)
    return path


def download_sequential(numbers, folder: Path) -> list[Path]:
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers, folder: Path) -> list[Path]:
    with ThreadPoolExecutor(10) as executor:
        return list(executor.map(lambda number: download_comic(number, folder), numbers))


download_parallel(range(int(sys.argv[1]), int(sys.argv[2]) + 1), Path("comics"))
