"""The checks of image_pool that a student sees and runs at home."""

from autograder.judge import expect, expect_png, in_folder, png


def test_one_thumbnail(submission):
    """make_thumbnail saves a small copy of an image."""
    files = {"photos/cat.png": png(60, 30), "small/other": b""}
    run = submission.run("make_thumbnail", in_folder("photos/cat.png"), in_folder("small"), 20, files=files)
    expect(run.value, in_folder("small/cat.png"), run.call, run)
    expect_png(run, "small/cat.png", 20, 10)


def test_a_folder_of_thumbnails(submission):
    """make_thumbnails_sequential and make_thumbnails make small copies of all images of a folder."""
    files = {"photos/cat.png": png(60, 30), "photos/dog.png": png(8, 16), "small/other": b""}
    for function in ("make_thumbnails_sequential", "make_thumbnails"):
        run = submission.run(function, in_folder("photos"), in_folder("small"), 20, files=files)
        expect(run.value, [in_folder("small/cat.png"), in_folder("small/dog.png")], run.call, run)
        expect_png(run, "small/cat.png", 20, 10)
