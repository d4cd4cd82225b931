# fails: threads_joined, missing_comic_in_parallel
# Only the thread that was started last is joined.

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
    numbers = list(numbers)
    paths = {}
    errors = []

    def work(number):
        try:
            paths[number] = download_comic(number, folder)
        except requests.HTTPError as error:
            errors.append(error)

    threads = [Thread(target=work, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    threads[-1].join()
    if errors:
        raise errors[0]
    return [paths.get(number) for number in numbers]


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
