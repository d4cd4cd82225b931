"""The checks of image_pool that decide the rest of the points. The images are read here without Pillow.

What a thumbnail costs is set by the grader: under ``costs=EVEN`` each call of make_thumbnail takes the same time,
since what Pillow does in C is not counted. Whoever lets the workers do something else is asked to call it.
"""

import struct
import zlib

from autograder.judge import CheckFailed, counted, expect, expect_png, hurried, in_folder, not_faster, of_any_run, png

SECONDS = 0.1
EVEN = {"make_thumbnail": SECONDS}
SOURCE, TARGET = in_folder("photos"), in_folder("small")


def two_colours(width, height, left, right):
    """A PPM with one colour on its left half and another one on its right."""
    row = bytes(left) * (width // 2) + bytes(right) * (width - width // 2)
    return b"P6 %d %d 255\n" % (width, height) + row * height


def pixel(content, x, y):
    """The red, green and blue of one pixel of a PNG with 8 bits a channel; None where it has no such colours."""
    try:
        return unfiltered(content, x, y)
    except (IndexError, TypeError, struct.error, zlib.error):  # it breaks off, or is no PNG behind its first bytes
        return None


def unfiltered(content, x, y):
    width, _, depth, colours = struct.unpack(">IIBB", content[16:26])
    channels = {2: 3, 6: 4}.get(colours)
    if channels is None or depth != 8:
        return None
    data, at = b"", 8
    while at + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        if kind == b"IDAT":
            data += content[at + 8 : at + 8 + length]
        at += 12 + length
    # No more than the largest image of these checks has: the file was written by the submission.
    raw = zlib.decompressobj().decompress(data, 1 << 20)
    stride = width * channels
    above = bytes(stride)
    for line in range(y + 1):
        start = line * (stride + 1)
        kind, row = raw[start], bytearray(raw[start + 1 : start + 1 + stride])
        for i in range(stride):
            a, b = row[i - channels] if i >= channels else 0, above[i]
            c = above[i - channels] if i >= channels else 0
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            row[i] = (row[i] + (0, a, b, (a + b) // 2, nearest)[kind]) % 256
        above = bytes(row)
    return tuple(above[x * channels : x * channels + 3])


FEW = {
    "photos/c.png": png(256, 64),
    "photos/a.ppm": two_colours(16, 32, (250, 10, 10), (10, 10, 250)),
    "photos/b.png": png(6, 4, (0, 200, 0)),
}
THUMBNAILS = ["a.png", "b.png", "c.png"]
WHOLE = png(60, 60)
MIXED = FEW | {"photos/b2.txt": b"no image", "photos/half.png": WHOLE[: len(WHOLE) - 30], "photos/old/z.png": png(4, 4)}
MANY = {f"photos/{number:02}.png": png(4, 4) for number in range(16)}


def assert_no_image_skipped(run):
    """No image was taken for a file that is none."""
    said = run.completed().output.text
    skipped = next((name for name in ("a.ppm", "b.png", "c.png") if f"skipped: {name}\n" in said), "")
    if skipped:
        raise CheckFailed(
            "wrong files",
            f"{run.call} says that it skipped {skipped}, which is an image. What cannot be saved is an OSError too, as "
            "where the folder is missing: make it before the first thumbnail is saved.",
            run,
        )


@of_any_run
def assert_list(run, names=THUMBNAILS):
    """The paths that came back, in their order, and no others."""
    assert_no_image_skipped(run)
    expect(run.value, [TARGET / name for name in names], run.call, run)


def test_sizes_and_colours(submission):
    """A thumbnail has the proportions and colours of its image, and is not larger than that."""
    with submission.session(files={**FEW, "small/x": b""}) as session:
        for name, size, width, height in (("c.png", 20, 20, 5), ("a.ppm", 16, 8, 16), ("b.png", 50, 6, 4)):
            run = session.call("make_thumbnail", SOURCE / name, TARGET, size)
            path = f"small/{name[0]}.png"
            expect(run.value, in_folder(path), run.call, run)
            expect_png(run, path, width, height)
            if name == "a.ppm":
                assert_colours(run, path)
        run = session.call("make_thumbnail", SOURCE / "c.png", TARGET)
        expect_png(run, "small/c.png", 128, 32)


def assert_colours(run, path):
    """The thumbnail of the image that is red on its left and blue on its right, is that too."""
    for x, wanted in ((1, (250, 10, 10)), (6, (10, 10, 250))):
        got = pixel(run.files[path], x, 8)
        if got is None:
            message = (
                f"After {run.call} {path} is no image in red, green and blue, as the image is that it was made of."
            )
            raise CheckFailed("wrong files", message, run)
        if any(abs(one - other) > 20 for one, other in zip(got, wanted, strict=True)):
            raise CheckFailed(
                "wrong files",
                f"After {run.call} the colours of {path} are not those of the image: the pixel ({x}, 8) is {got}, "
                f"expected about {wanted}.",
                run,
            )


def test_target_is_made(submission):
    """A missing target folder is made, also where the folders above it are missing."""
    for function in ("make_thumbnails_sequential", "make_thumbnails"):
        run = submission.run(function, SOURCE, in_folder("new/folder"), files=FEW)
        assert_no_image_skipped(run)
        expect(run.value, [in_folder("new/folder") / name for name in THUMBNAILS], run.call, run)
        expect_png(run, "new/folder/c.png", 128, 32)
        changed = [name for name, content in FEW.items() if run.files.get(name) != content]
        if changed:
            raise CheckFailed("wrong files", f"{run.call} changed {changed[0]}; the images stay as they are.", run)


@of_any_run
def assert_skipped(run):
    """The images have been made, whatever else there was."""
    error = run.error
    # What Pillow raises for such files; an error of another kind has another reason.
    where = f" (line {error.line})" if error is not None and error.line else ""
    if error is not None and {"OSError", "SyntaxError", "ValueError"} & {*error.types}:
        raise CheckFailed(
            "raised",
            f"{run.call} raised {error.type}: {error.message[:150]}{where}. One of its files is no image, and another "
            "one breaks off in the middle: both have to be skipped, and stop nothing.",
            run,
            (error.line,) if error.line else (),
        )
    assert_list(run)


def mixed(submission, function, **options):
    return submission.run(function, SOURCE, TARGET, files=MIXED, **options)


def test_no_image_is_skipped(submission):
    """A file that is no image, or a broken one, is skipped and stops nothing."""
    assert_skipped(mixed(submission, "make_thumbnails_sequential"))
    assert_skipped(mixed(submission, "make_thumbnails"))


def test_skipped_is_reported(submission):
    """One whole line "skipped: NAME" is printed for each file that is no image, and nothing else."""
    expected = ["skipped: b2.txt", "skipped: half.png"]
    # make_thumbnail itself says so: whoever else calls it wants to know, too.
    run = submission.run("make_thumbnail", SOURCE / "b2.txt", TARGET, files={**MIXED, "small/x": b""})
    if run.outcome == "returned":  # that it raises is another check's matter
        run.output.assert_whole_lines(expected[:1])
        expect(run.value, None, run.call, run)
    mixed(submission, "make_thumbnails_sequential").completed().output.assert_whole_lines(expected)
    usual = mixed(submission, "make_thumbnails", processes=2, strategy="nonpreemptive").completed()
    usual.output.assert_whole_lines(expected)
    between = interrupted(usual)
    if between:
        run = mixed(submission, "make_thumbnails", processes=2, strategy=between)
        run.completed().output.assert_whole_lines(expected)


def interrupted(run):
    """The schedule that goes as this one did up to the first piece of output, and has another worker go on then, for as
    long as it can; "" where there is no other one."""
    write = run.output.writes[0]
    others = [task.id for task in run.processes if task.id != run.trace.tasks[write.task].process]
    if not others:
        return ""
    choices = run.recording.choices
    # Decisions are counted from the import on, which has some of its own.
    at = run.recording.decisions - len(choices) + sum(choice.step <= write.step for choice in choices)
    return "switches:" + ",".join(f"{at + more}-{others[0]}" for more in range(60))


def test_order_is_kept(submission):
    """The list is in the order of the names, whichever image is done first."""
    assert_list(submission.run("make_thumbnails_sequential", SOURCE, TARGET, files=FEW))
    # The second of these lets each new process go on at once: the last worker is the first to be done.
    for strategy in ("roundrobin", "eager"):
        assert_list(submission.run("make_thumbnails", SOURCE, TARGET, processes=2, files=FEW, strategy=strategy))


def test_sequential_in_one_process(submission):
    """make_thumbnails_sequential uses one process and one thread."""
    run = submission.run("make_thumbnails_sequential", SOURCE, TARGET, files=FEW).completed()
    started = run.processes + run.threads
    if started:
        found = counted(len(started), started[0].kind)
        lines = sorted({task.line for task in started if task.line > 0})
        raise CheckFailed(
            "wrong process",
            f"{run.call} started {found}{f' (line {lines[0]})' if lines else ''}. It has to do all the work itself, in "
            "one process and one thread: make_thumbnails has the pool.",
            run,
            lines,
        )
    if not any(name.startswith("small/") for name in run.files):
        raise CheckFailed("wrong files", f"{run.call} saved no thumbnail.", run)


def test_empty_folder(submission):
    """A folder without images gives an empty list."""
    with submission.session(files={"photos/old/z.png": png(4, 4)}) as session:
        for function in ("make_thumbnails_sequential", "make_thumbnails"):
            assert_list(session.call(function, SOURCE, TARGET), [])


def test_called_again(submission):
    """A second call makes all thumbnails again, also into a folder that is there."""
    with submission.session(files=FEW) as session:
        for size, width in ((8, 8), (20, 20)):
            run = session.call("make_thumbnails", SOURCE, TARGET, size, 2)
            assert_list(run)
            expect_png(run, "small/c.png", width, width // 4)


def measured(submission, *processes, **machine):
    """16 images that cost the same; by default there are 4 workers."""
    options = {"processes": processes[0]} if processes else {}
    return submission.run(
        "make_thumbnails", SOURCE, TARGET, files=MANY, costs=EVEN, machine=machine, **options
    ).completed()


def test_pool_workers(submission):
    """make_thumbnails does the work in as many worker processes as `processes` says."""
    for run, processes in ((measured(submission), 4), (measured(submission, 2), 2)):
        workers = run.call_processes("make_thumbnail")
        if not run.processes and not run.threads:
            raise CheckFailed("wrong process", f"{run.call} started no worker process: make a Pool.", run)
        if not workers:
            raise CheckFailed(
                "wrong process", f"{run.call}: its workers do not call make_thumbnail, which they have to.", run
            )
        if 0 in workers:
            who = "the main process makes thumbnails itself; the workers have to."
            if not run.processes and run.threads:
                who = "its workers are threads of the main process; they have to be processes (multiprocessing.Pool)."
            raise CheckFailed("wrong process", f"{run.call}: {who}", run)
        if len(workers) != processes:
            made, lines = len(run.processes), sorted({task.line for task in run.processes if task.line > 0})
            where = f" (line {lines[0]})" if len(lines) == 1 else ""
            if made == processes:
                found = f"only {len(workers)} of the {counted(made, 'worker process')}{where} made"
                todo = "Each has to get a share: give out all of the work at once, in small pieces."
            else:
                found = f"{counted(len(workers), 'worker process')}{where} made"
                todo = f"It has to be {processes}, as many as `processes` says, and each worker has to get a share."
            raise CheckFailed("not parallel", f"{run.call}: {found} the 16 thumbnails. {todo}", run, lines)


def test_pool_closed(submission):
    """When make_thumbnails returns, its pool is closed and no process is left."""
    for options in ({"strategy": hurried()}, {"strategy": "roundrobin"}):
        run = submission.run("make_thumbnails", SOURCE, TARGET, processes=2, files=FEW, **options).completed()
        if not run.processes:
            raise CheckFailed("not parallel", f"{run.call} started no process, so there was none to wait for.", run)
        run.assert_joined()
        for worker in run.not_waited_for:
            raise CheckFailed(
                "not joined",
                f"{run.call} came back without having waited for the end of all its workers. close() only says that no "
                "more work will come: join() waits until the workers have ended.",
                run,
                (worker.line,) if worker.line else (),
            )


def test_pool_faster(submission):
    """On 4 cores, make_thumbnails is at least 2.5 times as fast as make_thumbnails_sequential."""
    run = measured(submission)
    calls = sum(call.function == "make_thumbnail" for call in run.calls)
    if calls < len(MANY):
        raise CheckFailed(
            "wrong process",
            f"{run.call} calls make_thumbnail {calls} times for 16 images; it has to be once for each.",
            run,
        )
    seconds = SECONDS * len(MANY)
    submission.tell_speedup(seconds / run.elapsed)
    if seconds < 2.5 * run.elapsed:
        raise not_faster(
            f"16 images of {SECONDS} s each: {seconds:.2f} s one after the other, {run.elapsed:.2f} s with 4 workers "
            f"on 4 cores. That is {seconds / run.elapsed:.1f} times as fast; 2.5 times is asked for.",
            run,
            lambda n: seconds / measured(submission, n, cores=n).elapsed,
            wanted=2.5,
            unit="cores, with a worker for each",
        )


def test_start_methods(submission):
    """make_thumbnails works under the start methods spawn and forkserver as it does under fork."""
    # To the program the two are the same: a fresh Python that imports its file.
    assert_list(submission.run("make_thumbnails", SOURCE, TARGET, processes=2, files=FEW, start_method="spawn"))
    submission.confirm("make_thumbnails", SOURCE, TARGET, processes=2, files=FEW, start_method="spawn")
