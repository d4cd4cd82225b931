"""A dataclass for each comic, a Thread for each, errors kept in it; with a session as context manager; os.path."""

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import urlparse

import requests

BASE = "https://xkcd.com/{}/info.0.json"
TIMEOUT = 30


def download_comic(number, folder):
    with requests.Session() as session:
        response = session.get(BASE.format(number), timeout=TIMEOUT)
        response.raise_for_status()
        url = response.json()["img"]
        suffix = PurePosixPath(urlparse(url).path).suffix
        image = session.get(url, timeout=TIMEOUT)
        image.raise_for_status()
    os.makedirs(folder, exist_ok=True)
    path = Path(os.path.join(folder, str(number) + suffix))
    with open(path, "wb") as f:
        f.write(image.content)
    return path


@dataclass
class Job:
    number: int
    folder: Path
    path: Path | None = None
    error: Exception | None = field(default=None)

    def run(self):
        try:
            self.path = download_comic(self.number, self.folder)
        except Exception as e:
            self.error = e


def download_sequential(numbers, folder):
    paths = []
    for number in numbers:
        paths.append(download_comic(number, folder))
    return paths


def download_parallel(numbers, folder):
    jobs = [Job(number, folder) for number in numbers]
    threads = [threading.Thread(target=job.run) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for job in jobs:
        if job.error is not None:
            raise job.error
    return [job.path for job in jobs]
