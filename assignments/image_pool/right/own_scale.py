"""The size is worked out by hand, results are asked for one by one in order."""

from functools import partial
from multiprocessing import Pool
from pathlib import Path

from PIL import Image


def make_thumbnail(path, target, size=128):
    try:
        with Image.open(path) as image:
            longest = max(image.size)
            if longest > size:
                width, height = (max(1, round(side * size / longest)) for side in image.size)
                small = image.resize((width, height))
            else:
                small = image.copy()
            small.save(target / (path.stem + ".png"))
    except Exception:
        print("skipped: %s\n" % path.name, end="")
        return None
    return target / (path.stem + ".png")


def make_thumbnails_sequential(source, target, size=128):
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(path for path in source.iterdir() if path.is_file())
    small = [make_thumbnail(path, target, size) for path in files]
    return [path for path in small if path]


def make_thumbnails(source, target, size=128, processes=4):
    target.mkdir(parents=True, exist_ok=True)
    with Pool(processes) as pool:
        pending = []
        for path in sorted(source.iterdir()):
            if path.is_file():
                pending.append(pool.apply_async(make_thumbnail, (path, target), {"size": size}))
        made = [result.get() for result in pending]
        pool.close()
        pool.join()
    return [path for path in made if path]


if __name__ == "__main__":
    print(make_thumbnails(Path("photos"), Path("small")))
