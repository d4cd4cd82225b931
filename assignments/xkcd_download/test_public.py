"""The checks that students can run at home.

No request leaves the world: `site` describes what the two hosts answer and how long an answer takes.
"""

from autograder.judge import expect, expect_file, http, in_folder

PICTURES = {100: "family.jpg", 101: "laser_scope.png", 102: "back_again.gif", 103: "moral.png"}


def picture(number, size=600):
    """The bytes of a comic: no two alike, and no text in any encoding."""
    every = bytes((7 * index + number) % 256 for index in range(256))
    return b"\x89\r\n" + (every * (size // 256 + 1))[:size]


def site(latency=0.02):
    """The info and the picture of each comic, as the real site gives them."""
    pages = {}
    for number, name in PICTURES.items():
        address = f"https://imgs.xkcd.com/comics/{name}"
        info = {"num": number, "title": name, "alt": "A stick figure.", "link": "", "year": "2006", "img": address}
        pages[f"https://xkcd.com/{number}/info.0.json"] = http.Answer(json=info)
        pages[address] = http.Answer(body=picture(number))
    return http.site(pages, latency=latency)


def file_of(number):
    """The file that the comic is saved as."""
    return f"comics/{number}.{PICTURES[number].rpartition('.')[2]}"


def expect_saved(numbers, run):
    """Each comic lies in its file, with just the bytes that the site sent."""
    for number in numbers:
        expect_file(run, file_of(number), picture(number))


def test_comic_is_saved(submission):
    """download_comic saves the picture under the right name and returns its path."""
    run = submission.run("download_comic", 100, in_folder("comics"), http=site())
    expect(run.value, in_folder(file_of(100)), run.call, run)
    expect_saved([100], run)


def test_sequential_saves_all(submission):
    """download_sequential saves all the comics and returns the list of their paths."""
    run = submission.run("download_sequential", [100, 101, 102, 103], in_folder("comics"), http=site())
    expect(run.value, [in_folder(file_of(number)) for number in PICTURES], run.call, run)
    expect_saved(PICTURES, run)


def test_parallel_saves_all(submission):
    """download_parallel saves the same comics and returns the same list."""
    run = submission.run("download_parallel", [100, 101, 102, 103], in_folder("comics"), http=site())
    expect(run.value, [in_folder(file_of(number)) for number in PICTURES], run.call, run)
    expect_saved(PICTURES, run)
