"""Five workers take their jobs from one queue and put their results into another."""

import queue
import threading
from pathlib import Path

import requests

WORKERS = 5


def download_comic(number, folder):
    info = requests.request("GET", f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    url = info.json()["img"]
    picture = requests.request("GET", url)
    picture.raise_for_status()
    Path.mkdir(folder, parents=True, exist_ok=True)
    path = folder / f"{number}{Path(url.split('/')[-1]).suffix}"
    path.write_bytes(picture.content)
    return path


def download_sequential(numbers, folder):
    return [download_comic(n, folder) for n in numbers]


def worker(jobs, results, folder):
    while True:
        job = jobs.get()
        if job is None:
            return
        place, number = job
        try:
            results.put((place, download_comic(number, folder), None))
        except requests.HTTPError as error:
            results.put((place, None, error))


def download_parallel(numbers, folder):
    jobs = queue.Queue()
    results = queue.Queue()
    count = 0
    for place, number in enumerate(numbers):
        jobs.put((place, number))
        count += 1
    threads = [threading.Thread(target=worker, args=(jobs, results, folder)) for _ in range(WORKERS)]
    for thread in threads:
        jobs.put(None)
        thread.start()
    paths = [None] * count
    errors = []
    for _ in range(count):
        place, path, error = results.get()
        paths[place] = path
        if error is not None:
            errors.append(error)
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return paths
