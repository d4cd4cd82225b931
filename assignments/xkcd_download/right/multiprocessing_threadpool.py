"""multiprocessing.pool.ThreadPool with starmap; ok instead of raise_for_status."""

from multiprocessing.pool import ThreadPool
from pathlib import Path

import requests


def fetch(url):
    answer = requests.get(url)
    if not answer.ok:
        raise requests.HTTPError(f"{answer.status_code} for {url}", response=answer)
    return answer


def download_comic(number, folder):
    url = fetch(f"https://xkcd.com/{number}/info.0.json").json()["img"]
    data = fetch(url).content
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{number}.{url.rsplit('.', 1)[-1]}"
    (folder / name).write_bytes(data)
    return folder / name


def download_sequential(numbers, folder):
    return [download_comic(n, folder) for n in numbers]


def download_parallel(numbers, folder):
    jobs = [(n, folder) for n in numbers]
    if not jobs:
        return []
    pool = ThreadPool(min(len(jobs), 20))
    try:
        return pool.starmap(download_comic, jobs, chunksize=1)
    finally:
        pool.close()
        pool.join()
