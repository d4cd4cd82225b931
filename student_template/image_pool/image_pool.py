"""Small copies of all images of a folder, made by one process, and by a pool of several."""

import time
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from PIL import Image


def make_thumbnail(path: Path, target: Path, size: int = 128) -> Path | None:
    """Save a small copy of one image as target/STEM.png, neither side longer than `size`, and return its path.

    Where the file is no image that Pillow can read, print the line "skipped: NAME" and return None.
    """
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def files_of(source: Path) -> list[Path]:
    """Return the files of a folder, in the order of their names; folders inside it are none."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def make_thumbnails_sequential(source: Path, target: Path, size: int = 128) -> list[Path]:
    """Make small copies of all images of the folder `source` in `target`, which is made where it is missing.

    Return their paths in the order of the names of the images. Use one process.
    """
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def make_thumbnails(source: Path, target: Path, size: int = 128, processes: int = 4) -> list[Path]:
    """Do the same with a pool of this many worker processes, which call make_thumbnail."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


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
