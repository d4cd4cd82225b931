"""A Process subclass with its own part of the files, results through a Manager's dict."""

from multiprocessing import Manager, Process
from pathlib import Path

import PIL.Image


def make_thumbnail(path: Path, target: Path, size: int = 128) -> Path | None:
    small = target / path.with_suffix(".png").name
    try:
        image = PIL.Image.open(str(path))
        image.thumbnail([size, size])
        image.save(str(small))
    except OSError:
        print(f"skipped: {path.name}\n", end="", flush=True)
        small = None
    return small


def files(folder):
    return sorted((p for p in Path(folder).iterdir() if p.is_file()), key=lambda p: p.name)


def make_thumbnails_sequential(source, target, size=128):
    target.mkdir(parents=True, exist_ok=True)
    return [t for t in (make_thumbnail(p, target, size) for p in files(source)) if t]


class Part(Process):
    def __init__(self, paths, target, size, results):
        super().__init__()
        self.paths, self.target, self.size, self.results = paths, target, size, results

    def run(self):
        for path in self.paths:
            self.results[path.name] = make_thumbnail(path, self.target, self.size)


def make_thumbnails(source, target, size=128, processes=4):
    target.mkdir(parents=True, exist_ok=True)
    paths = files(source)
    with Manager() as manager:
        results = manager.dict()
        parts = [Part(paths[k::processes], target, size, results) for k in range(processes)]
        for part in parts:
            part.start()
        for part in parts:
            part.join()
        done = dict(results)
    return [done[p.name] for p in paths if done[p.name] is not None]
