"""ProcessPoolExecutor, whose map gives the results in order; the images are copied and not changed."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from PIL import Image, UnidentifiedImageError


def make_thumbnail(path, target, size=128):
    try:
        image = Image.open(path)
        image.load()
    except (UnidentifiedImageError, OSError):
        print("skipped: " + path.name + "\n", end="", flush=True)
        return None
    small = image.copy()
    small.thumbnail((size, size), Image.Resampling.LANCZOS)
    place = (target / path.name).with_suffix(".png")
    small.save(place, format="PNG")
    return place


def make_thumbnails_sequential(source, target, size=128):
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(path for path in source.iterdir() if path.is_file())
    small = [make_thumbnail(path, target, size) for path in files]
    return [path for path in small if path]


def make_thumbnails(source, target, size=128, processes=4):
    target.mkdir(exist_ok=True, parents=True)
    files = sorted([path for path in source.glob("*") if not path.is_dir()], key=lambda path: path.name)
    with ProcessPoolExecutor(processes) as executor:
        made = executor.map(partial(make_thumbnail, target=target, size=size), files)
    return list(filter(None, made))


if __name__ == "__main__":
    print(make_thumbnails(Path("photos"), Path("small")))
