# fails: pool_closed
# The executor is shut down without waiting for its processes.
from functools import partial
from multiprocessing import Manager, Pool, Process, Lock, Queue
from pathlib import Path
import os

from PIL import Image


def files_of(source):
    return sorted(p for p in source.iterdir() if p.is_file())


def make_thumbnails_sequential(source, target, size=128):
    target.mkdir(parents=True, exist_ok=True)
    return [t for p in files_of(source) if (t := make_thumbnail(p, target, size))]


def make_thumbnail(path, target, size=128):
    try:
        with Image.open(path) as image:
            image.thumbnail((size, size))
            copy = target / (path.stem + ".png")
            image.save(copy)
        return copy
    except OSError:
        print(f"skipped: {path.name}\n", end="")
        return None

from concurrent.futures import ProcessPoolExecutor


def make_thumbnails(source, target, size=128, processes=4):
    target.mkdir(parents=True, exist_ok=True)
    executor = ProcessPoolExecutor(processes)
    made = list(executor.map(partial(make_thumbnail, target=target, size=size), files_of(source)))
    executor.shutdown(wait=False)
    return [m for m in made if m]
