"""All infos in threads, then all pictures in threads."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests


def address_of(number):
    response = requests.get(f"https://xkcd.com/{number}/info.0.json")
    response.raise_for_status()
    return response.json()["img"]


def save(number, address, folder):
    response = requests.get(address, stream=True)
    response.raise_for_status()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{Path(address).suffix}"
    with path.open("wb") as file:
        for chunk in response.iter_content(100):
            file.write(chunk)
    return path


def download_comic(number, folder):
    return save(number, address_of(number), folder)


def download_sequential(numbers, folder):
    paths = []
    for number in numbers:
        paths.append(download_comic(number, folder))
    return paths


def download_parallel(numbers, folder):
    numbers = tuple(numbers)
    with ThreadPoolExecutor() as executor:
        addresses = list(executor.map(address_of, numbers))
    with ThreadPoolExecutor() as executor:
        futures = [executor.submit(save, number, address, folder) for number, address in zip(numbers, addresses)]
    return [future.result() for future in futures]
