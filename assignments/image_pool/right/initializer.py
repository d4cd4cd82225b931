# right: target and size reach the workers through an initializer; imap, and close and join in a finally

import time
from multiprocessing import Pool
from pathlib import Path

from PIL import Image


def make_thumbnail(path: Path, target: Path, size: int = 128) -> Path | None:
    try:
        with Image.open(path) as image:
            image.thumbnail((size, size))  # keeps the proportions, and makes nothing larger
            small = target / f"{path.stem}.png"
            image.save(small)
            return small
    except OSError:  # Pillow's UnidentifiedImageError is one, and a file that breaks off in the middle gives one too
        # The line break is part of the text: one string is written in one piece, whichever processes print beside.
        print(f"skipped: {path.name}\n", end="")
        return None


def files_of(source: Path) -> list[Path]:
    return sorted(path for path in source.iterdir() if path.is_file())


def make_thumbnails_sequential(source: Path, target: Path, size: int = 128) -> list[Path]:
    target.mkdir(parents=True, exist_ok=True)
    small = [make_thumbnail(path, target, size) for path in files_of(source)]
    return [path for path in small if path is not None]


_target = None
_size = None


def _setup(target, size):
    global _target, _size
    _target, _size = target, size


def _one(path):
    return make_thumbnail(path, _target, _size)


def make_thumbnails(source, target, size=128, processes=4):
    target.mkdir(parents=True, exist_ok=True)
    with Pool(processes, initializer=_setup, initargs=(target, size)) as pool:
        try:
            return [p for p in pool.imap(_one, files_of(source)) if p]
        finally:
            pool.close()
            pool.join()


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
