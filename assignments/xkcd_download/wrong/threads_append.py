# fails: order_is_kept, missing_comic_in_parallel
# Each thread appends its path when it is done: the list is in the order of arrival. Errors stay in the threads.

from pathlib import Path
from threading import Thread

import requests


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
    paths = []

    def work(number):
        paths.append(download_comic(number, folder))

    threads = [Thread(target=work, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return paths


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
