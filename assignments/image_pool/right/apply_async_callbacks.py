"""apply_async with a callback that fills a dict, close and join; convert to RGB; a Pool in a with block."""

import multiprocessing as mp
from pathlib import Path

from PIL import Image

EXTENSION = ".png"


def make_thumbnail(path, target, size=128):
    try:
        with Image.open(path) as im:
            im = im.convert("RGB")
            w, h = im.size
            factor = min(size / w, size / h, 1)
            im = im.resize((max(1, int(w * factor)), max(1, int(h * factor))))
    except (OSError, SyntaxError):
        print("skipped: " + path.name + "\n", end="")
        return None
    result = target / (path.stem + EXTENSION)
    im.save(result)
    return result


def paths_in(source):
    return [p for p in sorted(source.glob("*")) if p.is_file()]


def make_thumbnails_sequential(source, target, size=128):
    target.mkdir(parents=True, exist_ok=True)
    made = []
    for p in paths_in(source):
        t = make_thumbnail(p, target, size)
        if t is not None:
            made.append(t)
    return made


def make_thumbnails(source, target, size=128, processes=4):
    target.mkdir(parents=True, exist_ok=True)
    made = {}
    with mp.Pool(processes) as pool:
        for i, p in enumerate(paths_in(source)):
            pool.apply_async(make_thumbnail, (p, target, size), callback=lambda t, i=i: made.__setitem__(i, t))
        pool.close()
        pool.join()
    return [made[i] for i in sorted(made) if made[i] is not None]
