"""submit() and as_completed(), with the order restored by position; all are waited for before the error is raised."""

from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import requests

TEMPLATE = "https://xkcd.com/{}/info.0.json"


def download_comic(number: int, folder: Path) -> Path:
    with requests.Session() as session:
        info = session.get(TEMPLATE.format(number))
        info.raise_for_status()
        img = info.json()["img"]
        response = session.get(img)
        response.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (str(number) + img[img.rindex("."):])
    path.write_bytes(response.content)
    return path


def download_sequential(numbers, folder):
    result = []
    for number in numbers:
        result += [download_comic(number, folder)]
    return result


def download_parallel(numbers, folder):
    executor = ThreadPoolExecutor(max_workers=32, thread_name_prefix="xkcd")
    places = {}
    found = {}
    failed = []
    try:
        for place, number in enumerate(numbers):
            places[executor.submit(download_comic, number, folder)] = place
        for future in as_completed(places):
            if future.exception() is not None:
                failed.append(future.exception())
            else:
                found[places[future]] = future.result()
    finally:
        executor.shutdown(wait=True)
    if failed:
        raise failed[0]
    return [found[place] for place in sorted(found)]
