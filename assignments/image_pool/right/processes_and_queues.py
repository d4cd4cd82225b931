"""Worker processes by hand, with a queue of tasks and one of results."""

import os
from multiprocessing import Process, Queue
from pathlib import Path

from PIL import Image


def make_thumbnail(path, target, size=128):
    try:
        with Image.open(path) as image:
            image.thumbnail((size, size))
            small = target / f"{path.stem}.png"
            image.save(small)
            return small
    except OSError:
        print(f"skipped: {path.name}\n", end="")
        return None


def make_thumbnails_sequential(source, target, size=128):
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(path for path in source.iterdir() if path.is_file())
    small = [make_thumbnail(path, target, size) for path in files]
    return [path for path in small if path]


def worker(tasks, results, target, size):
    for place, path in iter(tasks.get, None):
        results.put((place, make_thumbnail(path, target, size)))


def make_thumbnails(source, target, size=128, processes=4):
    os.makedirs(target, exist_ok=True)
    files = [source / name for name in sorted(os.listdir(source)) if os.path.isfile(source / name)]
    tasks, results = Queue(), Queue()
    crew = [Process(target=worker, args=(tasks, results, target, size)) for _ in range(processes)]
    for member in crew:
        member.start()
    for task in enumerate(files):
        tasks.put(task)
    for _ in crew:
        tasks.put(None)
    made = dict(results.get() for _ in files)
    for member in crew:
        member.join()
    return [made[place] for place in range(len(files)) if made[place]]


if __name__ == "__main__":
    print(make_thumbnails(Path("photos"), Path("small")))
