# fails: skipped_is_reported
# make_thumbnail says nothing; only those that call it print which files were skipped.

import time
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from PIL import Image


def files_of(source: Path) -> list[Path]:
    return sorted(path for path in source.iterdir() if path.is_file())


def make_thumbnail(path, target, size=128):
    try:
        with Image.open(path) as image:
            image.thumbnail((size, size))
            small = target / f"{path.stem}.png"
            image.save(small)
            return small
    except OSError:
        return None


def make_thumbnails(source, target, size=128, processes=4):
    target.mkdir(parents=True, exist_ok=True)
    files = files_of(source)
    with Pool(processes) as pool:
        small = pool.map(partial(make_thumbnail, target=target, size=size), files, chunksize=1)
    for f, s in zip(files, small):
        if s is None:
            print(f"skipped: {f.name}")
    return [path for path in small if path is not None]


def make_thumbnails_sequential(source, target, size=128):
    target.mkdir(parents=True, exist_ok=True)
    out = []
    for f in files_of(source):
        s = make_thumbnail(f, target, size)
        if s is None:
            print(f"skipped: {f.name}")
        else:
            out.append(s)
    return out


if __name__ == "__main__":
    photos = Path("photos")
    photos.mkdir(exist_ok=True)
    for number in range(16):
        Image.effect_noise((1200, 900), 10 * number + 10).save(photos / f"{number:02}.jpg")
    (photos / "notes.txt").write_text("no image")
    for make in (make_thumbnails_sequential, make_thumbnails):
        start = time.perf_counter()
        made = make(photos, Path("small"))
        print(f"{make.__name__}: {len(made)} thumbnails in {time.perf_counter() - start:.2f} s")
