"""One Session for all threads, streamed into a .part file that is renamed when it is whole."""

import threading
from pathlib import Path

import requests

SESSION = requests.Session()


def download_comic(number, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with SESSION.get(f"https://xkcd.com/{number}/info.0.json") as info:
        info.raise_for_status()
        address = info.json()["img"]
    path = folder / f"{number}{Path(address).suffix}"
    part = path.with_name(path.name + ".part")
    try:
        with SESSION.get(address, stream=True) as picture, part.open("wb") as file:
            picture.raise_for_status()
            for chunk in picture.iter_content(chunk_size=1024):
                file.write(chunk)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def download_sequential(numbers, folder):
    return [download_comic(number, folder) for number in numbers]


def download_parallel(numbers, folder):
    lock = threading.Lock()
    outcome = []

    def work(place, number):
        try:
            entry = (place, download_comic(number, folder), None)
        except requests.exceptions.RequestException as error:
            entry = (place, None, error)
        with lock:
            outcome.append(entry)

    threads = []
    for place, number in enumerate(numbers):
        threads.append(threading.Thread(target=work, args=(place, number)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    outcome.sort(key=lambda entry: entry[0])
    for _, _, error in outcome:
        if error:
            raise error
    return [path for _, path, _ in outcome]
