"""The checks of image_pool that a student sees and runs at home. The images are made here, without Pillow."""

import struct
import zlib

from autograder.judge import CheckFailed, expect, in_folder


def png(width, height, colour=(200, 30, 30)):
    """A PNG of one colour."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(colour) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def assert_size(run, path, width, height):
    """After the run there is a PNG of this size."""
    content = run.files.get(path)
    if content is None:
        raise CheckFailed("wrong files", f"After {run.call} there should be a file {path}.", run)
    if not content.startswith(b"\x89PNG") or len(content) < 24:
        raise CheckFailed("wrong files", f"After {run.call} {path} is no PNG.", run)
    size = struct.unpack(">II", content[16:24])
    if size != (width, height):
        raise CheckFailed(
            "wrong files",
            f"After {run.call} {path} has {size[0]} x {size[1]} pixels; it should have {width} x {height}.",
            run,
        )


def test_one_thumbnail(submission):
    """make_thumbnail saves a small copy of an image."""
    files = {"photos/cat.png": png(60, 30), "small/other": b""}
    run = submission.run("make_thumbnail", in_folder("photos/cat.png"), in_folder("small"), 20, files=files)
    expect(run.value, in_folder("small/cat.png"), run.call, run)
    assert_size(run, "small/cat.png", 20, 10)


def test_a_folder_of_thumbnails(submission):
    """make_thumbnails_sequential and make_thumbnails make small copies of all images of a folder."""
    files = {"photos/cat.png": png(60, 30), "photos/dog.png": png(8, 16), "small/other": b""}
    for function in ("make_thumbnails_sequential", "make_thumbnails"):
        run = submission.run(function, in_folder("photos"), in_folder("small"), 20, files=files)
        expect(run.value, [in_folder("small/cat.png"), in_folder("small/dog.png")], run.call, run)
        assert_size(run, "small/cat.png", 20, 10)
