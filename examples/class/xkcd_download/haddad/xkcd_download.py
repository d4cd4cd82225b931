import threading
from pathlib import Path
import requests


def download_comic(number: int, folder: Path) -> Path:
    response = requests.get("https://xkcd.com/" + str(number) + "/info.0.json")
    response.raise_for_status()
    address = response.json()["img"]
    image = requests.get(address)
    image.raise_for_status()
    folder.mkdir(exist_ok=True, parents=True)
    file = folder / f"{number}{Path(address).suffix}"
    file.write_bytes(image.content)
    return file


def download_sequential(numbers, folder: Path) -> list[Path]:
    return [download_comic(n, folder) for n in numbers]


class Download(threading.Thread):
    def __init__(self, number, folder):
        super().__init__()
        self.number, self.folder = number, folder
        self.path = None
        self.error = None

    def run(self):
        try:
            self.path = download_comic(self.number, self.folder)
        except Exception as e:
            self.error = e


def download_parallel(numbers, folder: Path) -> list[Path]:
    paths = []
    for number in numbers:
        download = Download(number, folder)
        download.start()
        # the path is there only after join()
        download.join()
        if download.error:
            raise download.error
        paths.append(download.path)
    return paths


if __name__ == "__main__":
    import time
    for f in download_sequential, download_parallel:
        t = time.time()
        f(range(100, 110), Path("comics"))
        print(f.__name__, time.time() - t)  # both take the same time, is my internet too slow?
