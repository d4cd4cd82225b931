"""starmap of triples, close and join, and a lock around the report."""

import multiprocessing
from pathlib import Path

from PIL import Image

lock = multiprocessing.Lock()


def make_thumbnail(path, target, size=128):
    try:
        with Image.open(path) as image:
            image.thumbnail((size, size))
            small = target / f"{path.stem}.png"
            image.save(small)
            return small
    except OSError:
        with lock:
            print("skipped:", path.name)
        return None


def make_thumbnails_sequential(source, target, size=128):
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(path for path in source.iterdir() if path.is_file())
    small = [make_thumbnail(path, target, size) for path in files]
    return [path for path in small if path]


def keep(shared):
    global lock
    lock = shared


def make_thumbnails(source, target, size=128, processes=4):
    if not target.is_dir():
        target.mkdir(parents=True)
    paths = [path for path in source.iterdir() if path.is_file()]
    paths.sort()
    pool = multiprocessing.Pool(processes, keep, (lock,))
    try:
        made = pool.starmap(make_thumbnail, [(path, target, size) for path in paths], 1)
    finally:
        pool.close()
        pool.join()
    return [path for path in made if path is not None]


if __name__ == "__main__":
    print(make_thumbnails(Path("photos"), Path("small")))
