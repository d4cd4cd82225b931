# fails: names_and_bytes
# All threads share one object, and leave the address of the picture in it.
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests


class Downloader:
    def info(self, number):
        r = requests.get(f"https://xkcd.com/{number}/info.0.json")
        r.raise_for_status()
        self.img = r.json()["img"]

    def save(self, number, folder):
        url = self.img
        r = requests.get(url)
        r.raise_for_status()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{number}{Path(url).suffix}"
        path.write_bytes(r.content)
        return path


downloader = Downloader()


def download_comic(number, folder):
    downloader.info(number)
    return downloader.save(number, folder)


def download_sequential(numbers, folder):
    folder.mkdir(parents=True, exist_ok=True)
    return [download_comic(n, folder) for n in numbers]


def download_parallel(numbers, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(20) as executor:
        return list(executor.map(lambda n: download_comic(n, folder), numbers))
