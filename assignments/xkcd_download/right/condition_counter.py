"""Threads with a results dict, a lock, a Condition that counts those that are left; joined as well."""

import json
import threading
from pathlib import Path

import requests

_folder_lock = threading.Lock()


def download_comic(number: int, folder: Path) -> Path:
    info = requests.request("GET", "https://xkcd.com/" + str(number) + "/info.0.json")
    info.raise_for_status()
    img = json.loads(info.text)["img"]
    picture = requests.get(url=img)
    picture.raise_for_status()
    with _folder_lock:
        if not folder.exists():
            folder.mkdir(parents=True)
    filename = folder.joinpath(f"{number}").with_suffix(img[img.rfind("."):])
    with filename.open(mode="wb") as out:
        out.write(picture.content)
    return filename


def download_sequential(numbers, folder):
    result = []
    for n in numbers:
        path = download_comic(n, folder)
        result.append(path)
    return result


def download_parallel(numbers, folder):
    numbers = list(numbers)
    results, errors = {}, {}
    condition = threading.Condition()
    left = len(numbers)

    def one(n):
        nonlocal left
        path = error = None
        try:
            path = download_comic(n, folder)
        except requests.RequestException as e:
            error = e
        with condition:
            if error:
                errors[n] = error
            else:
                results[n] = path
            left -= 1
            condition.notify()

    threads = [threading.Thread(target=one, args=(n,), daemon=True) for n in numbers]
    for t in threads:
        t.start()
    with condition:
        while left:
            condition.wait()
    for t in threads:
        t.join()
    if errors:
        raise next(iter(errors.values()))
    return [results[n] for n in numbers]
