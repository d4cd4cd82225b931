# fails: order_is_kept, called_again
# Chunks by hand, and the rest is left out.

import time
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from PIL import Image


def make_thumbnail(path: Path, target: Path, size: int = 128) -> Path | None:
    """Save a small copy of one image as target/STEM.png, neither side longer than `size`, and return its path.

    Where the file is no image that Pillow can read, print the line "skipped: NAME" and return None.
    """
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
    """Return the files of a folder, in the order of their names; folders inside it are none."""
    return sorted(path for path in source.iterdir() if path.is_file())


def make_thumbnails_sequential(source: Path, target: Path, size: int = 128) -> list[Path]:
    """Make small copies of all images of the folder `source` in `target`, which is made where it is missing.

    Return their paths in the order of the names of the images. Use one process.
    """
    target.mkdir(parents=True, exist_ok=True)
    small = [make_thumbnail(path, target, size) for path in files_of(source)]
    return [path for path in small if path is not None]


def make_thumbnails(source: Path, target: Path, size: int = 128, processes: int = 4) -> list[Path]:
    """Do the same with a pool of this many worker processes, which call make_thumbnail."""
    target.mkdir(parents=True, exist_ok=True)
    work = partial(make_thumbnail, target=target, size=size)
    with Pool(processes) as pool:
        files = files_of(source)
        size_of = max(1, len(files) // processes)
        small = pool.map(work, files[: size_of * processes], chunksize=size_of)
    return [path for path in small if path is not None]


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
