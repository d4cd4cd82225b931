"""A Thread subclass that keeps its path or its exception."""

import os
from pathlib import Path
from threading import Thread
from urllib.parse import urlparse

import requests
from requests.exceptions import HTTPError


class ComicThread(Thread):
    def __init__(self, number, folder):
        Thread.__init__(self, name=f"comic {number}")
        self.number = number
        self.folder = folder
        self.path = None
        self.error = None

    def run(self):
        try:
            self.path = download_comic(self.number, self.folder)
        except HTTPError as error:
            self.error = error


def get(url):
    response = requests.get(url, headers={"User-Agent": "a student's exercise"})
    if response.status_code != 200:
        raise HTTPError(f"{response.status_code} for {url}", response=response)
    return response


def download_comic(number, folder):
    img = get(f"https://xkcd.com/{number}/info.0.json").json()["img"]
    data = get(img).content
    os.makedirs(folder, exist_ok=True)
    _, suffix = os.path.splitext(urlparse(img).path)
    filename = os.path.join(folder, f"{number}{suffix}")
    with open(filename, "wb") as file:
        file.write(data)
    return Path(filename)


def download_sequential(numbers, folder):
    return list(map(download_comic, numbers, iter(lambda: folder, None)))


def download_parallel(numbers, folder):
    threads = []
    for number in numbers:
        thread = ComicThread(number, folder)
        thread.start()
        threads.append(thread)
    error = None
    for thread in threads:
        thread.join()
        error = error or thread.error
    if error:
        raise error
    return [thread.path for thread in threads]
