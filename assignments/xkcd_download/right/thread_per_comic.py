"""One Thread a comic; paths and errors are kept by number."""

import threading
from collections.abc import Iterable
from pathlib import Path

import requests


def download_comic(number: int, folder: Path) -> Path:
    answer = requests.get("https://xkcd.com/" + str(number) + "/info.0.json", timeout=10)
    if not answer.ok:
        answer.raise_for_status()
    url = answer.json()["img"]
    image = requests.get(url, timeout=10)
    image.raise_for_status()
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
    target = folder.joinpath(str(number)).with_suffix(Path(url).suffix)
    with target.open("wb") as file:
        file.write(image.content)
    return target


def download_sequential(numbers: Iterable[int], folder: Path) -> list[Path]:
    paths = []
    for number in numbers:
        paths.append(download_comic(number, folder))
    return paths


def download_parallel(numbers: Iterable[int], folder: Path) -> list[Path]:
    numbers = list(numbers)
    paths: dict[int, Path] = {}
    errors: dict[int, Exception] = {}

    def work(number: int) -> None:
        try:
            paths[number] = download_comic(number, folder)
        except Exception as error:
            errors[number] = error

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in numbers:
        if number in errors:
            raise errors[number]
    return [paths[number] for number in numbers]


if __name__ == "__main__":
    print(download_parallel(range(100, 110), Path("comics")))
