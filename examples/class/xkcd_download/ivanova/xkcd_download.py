from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import requests

BASE = "https://xkcd.com"


def download_comic(number: int, folder: Path) -> Path:
    reply = requests.get(f"{BASE}/{number}/info.0.json")
    reply.raise_for_status()
    url = reply.json()["img"]
    picture = requests.get(url)
    picture.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / (f"{number}" + Path(url).suffix)
    target.write_bytes(picture.content)
    return target


def download_sequential(numbers, folder):
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers, folder):
    with ThreadPoolExecutor(max_workers=16) as executor:
        jobs = [executor.submit(download_comic, number, folder) for number in numbers]
        # take each one as soon as it is ready, this is faster than waiting for the slow ones
        return [job.result() for job in as_completed(jobs)]


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
