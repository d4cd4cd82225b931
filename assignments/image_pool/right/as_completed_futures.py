"""ProcessPoolExecutor with submit and as_completed; lock given by an initializer."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from PIL import Image, ImageOps

_lock = None


def init(lock):
    global _lock
    _lock = lock


def say(text):
    if _lock is None:
        print(text)
    else:
        with _lock:
            print(text)


def make_thumbnail(path, target, size=128):
    try:
        with Image.open(path) as image:
            small = ImageOps.contain(image, (size, size)) if max(image.size) > size else image.copy()
            small.save(target / f"{path.stem}.png")
        return target / f"{path.stem}.png"
    except OSError:
        say(f"skipped: {path.name}")
        return None


def make_thumbnails_sequential(source, target, size=128):
    target.mkdir(parents=True, exist_ok=True)
    return [s for p in sorted(source.iterdir()) if p.is_file() and (s := make_thumbnail(p, target, size))]


def make_thumbnails(source, target, size=128, processes=4):
    target.mkdir(parents=True, exist_ok=True)
    lock = multiprocessing.Lock()
    results = {}
    with ProcessPoolExecutor(max_workers=processes, initializer=init, initargs=(lock,)) as executor:
        futures = {}
        for path in source.iterdir():
            if path.is_file():
                futures[executor.submit(make_thumbnail, path, target, size)] = path.name
        for future in as_completed(futures):
            results[futures[future]] = future.result()
    return [results[name] for name in sorted(results) if results[name]]
