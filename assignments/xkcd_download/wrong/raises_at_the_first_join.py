# fails: missing_comic_in_parallel
# join() raises the thread's error at once, while the other threads are still at work.

from pathlib import Path
from threading import Thread

import requests


class Download(Thread):
    def __init__(self, number, folder):
        super().__init__()
        self.number = number
        self.folder = folder
        self.path = None
        self.error = None

    def run(self):
        try:
            self.path = download_comic(self.number, self.folder)
        except requests.HTTPError as error:
            self.error = error

    def join(self, timeout=None):
        super().join(timeout)
        if self.error is not None:
            raise self.error


def download_comic(number, folder):
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    address = info.json()["img"]
    picture = requests.get(address)
    picture.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{Path(address).suffix}"
    path.write_bytes(picture.content)
    return path


def download_sequential(numbers, folder):
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers, folder):
    threads = [Download(number, folder) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [thread.path for thread in threads]


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
