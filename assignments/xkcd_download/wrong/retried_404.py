# fails: each_address_once
# What answers 404 is asked for once more.
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests


def get(url, tries=2):
    for attempt in range(tries):
        answer = requests.get(url)
        if answer.ok:
            return answer
    answer.raise_for_status()


def download_comic(number, folder):
    img = get(f"https://xkcd.com/{number}/info.0.json").json()["img"]
    data = get(img).content
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{Path(img).suffix}"
    path.write_bytes(data)
    return path


def download_sequential(numbers, folder):
    folder.mkdir(parents=True, exist_ok=True)
    return [download_comic(n, folder) for n in numbers]


def download_parallel(numbers, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(20) as executor:
        return list(executor.map(lambda n: download_comic(n, folder), numbers))
