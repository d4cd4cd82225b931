# fails: sequential_in_one_process
# The one-process function uses a pool of one.

from functools import partial
from multiprocessing import Pool
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
    return make_thumbnails(source, target, size, 1)


def make_thumbnails(source, target, size=128, processes=4):
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(path for path in source.iterdir() if path.is_file())
    with Pool(processes) as pool:
        small = pool.map(partial(make_thumbnail, target=target, size=size), files, chunksize=1)
    return [path for path in small if path]


if __name__ == "__main__":
    print(make_thumbnails(Path("photos"), Path("small")))
