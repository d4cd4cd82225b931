# fails: threads_joined
# An event is awaited in the place of the threads: the last one sets it just before it ends.
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from pathlib import Path
from threading import Thread, local, Lock

import requests


def download_comic(number, folder):
    info = requests.get(f"https://xkcd.com/{number}/info.0.json")
    info.raise_for_status()
    img = info.json()["img"]
    picture = requests.get(img)
    picture.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{Path(img).suffix}"
    path.write_bytes(picture.content)
    return path


def download_sequential(numbers, folder):
    folder.mkdir(parents=True, exist_ok=True)
    return [download_comic(n, folder) for n in numbers]

from threading import Event


def download_parallel(numbers, folder):
    folder.mkdir(parents=True, exist_ok=True)
    numbers = list(numbers)
    if not numbers:
        return []
    results, errors, finished, lock = {}, [], Event(), Lock()

    def job(n):
        try:
            value = download_comic(n, folder)
            with lock:
                results[n] = value
        except requests.HTTPError as e:
            with lock:
                errors.append(e)
        with lock:
            last = len(results) + len(errors) == len(numbers)
        if last:
            finished.set()

    for n in numbers:
        Thread(target=job, args=(n,), daemon=True).start()
    finished.wait()
    if errors:
        raise errors[0]
    return [results[n] for n in numbers]
