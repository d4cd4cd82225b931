# fails: missing_comic_in_parallel
# At the first error the rest is cancelled and not waited for; what is under way goes on after the error is raised.

from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

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
    executor = ThreadPoolExecutor(max_workers=10)
    futures = [executor.submit(download_comic, number, folder) for number in numbers]
    try:
        for future in as_completed(futures):
            future.result()
    except requests.HTTPError:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()
    return [future.result() for future in futures]


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
