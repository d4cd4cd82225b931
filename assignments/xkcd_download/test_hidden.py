"""Every check of the contract for `xkcd_download`.

A program is judged by what reaches the site, the folder and the caller, never by how it is written: requests.get, a
Session of one's own or a shared one, stream=True, Thread or ThreadPoolExecutor are all right. Where a bound is needed
(how many requests at once, how much faster), a comment at the check says where it comes from.

A fault costs the points of its own check and, as far as possible, of no other. So only names_and_bytes and the public
checks look at suffixes and bytes; the others know a comic by its number. Only missing_folder_is_made and called_again
make several calls in one program, or use a folder twice.
"""

import re
from collections import Counter

from autograder.judge import (
    CheckFailed,
    counted,
    expect,
    expect_file,
    generator,
    http,
    in_folder,
    not_faster,
    of_any_run,
    why_slow,
)

TEN = range(100, 110)
THERE = {"comics/about.txt": b"comics of xkcd.com"}
SUFFIXES = (".png", ".jpg", ".gif")
NOT_FOUND = b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"


def info_address(number):
    return f"https://xkcd.com/{number}/info.0.json"


def picture_address(number):
    return f"https://imgs.xkcd.com/comics/comic_no_{number}{SUFFIXES[number % 3]}"


def file_of(number, folder="comics"):
    """The file that the comic is saved as."""
    return f"{folder}/{number}{SUFFIXES[number % 3]}"


def picture(number, size=600):
    """The bytes of a comic: no two alike, and no text in any encoding."""
    every = bytes((7 * index + number) % 256 for index in range(256))
    return b"\x89\r\n" + (every * (size // 256 + 1))[:size]


def site(numbers=TEN, *, no_info=(), no_picture=(), delays=None, size=600, latency=0.02):
    """The info and the picture of each comic; those in `no_info` and `no_picture` answer 404.

    `delays` are the seconds that both answers of a comic take where they differ from `latency`. All are short: a
    program that waits by asking again and again is clumsy, and right.
    """
    delays = delays or {}
    pages = {}
    for number in numbers:
        address = picture_address(number)
        info = {"num": number, "title": f"Comic {number}", "alt": "", "link": "", "year": "2006", "img": address}
        delay = delays.get(number, latency)
        if number in no_info:
            pages[info_address(number)] = not_found(delay)
        else:
            pages[info_address(number)] = http.Answer(json=info, latency=delay)
        if number in no_picture:
            pages[address] = not_found(delay)
        else:
            pages[address] = http.Answer(body=picture(number, size), latency=delay)
    return http.site(pages, latency=latency)


def not_found(delay):
    return http.Answer(status=404, body=NOT_FOUND, headers={"Content-Type": "text/html"}, latency=delay)


def ten_comics(submission, function):
    """The usual call, with 0.2 s a request. Several checks look at this run; the judge makes it once."""
    return submission.run(function, TEN, in_folder("comics"), http=site(latency=0.2))


def download(submission, function, numbers, pages=None, folder="comics", **options):
    """A call in a program of its own, and a folder that is not there yet."""
    return submission.run(function, numbers, in_folder(folder), http=pages or site(), **options)


def ask_each(submission, pages, calls, ask):
    """Ask something of each call (a function and its numbers), all made in one program, with folders of their own.
    Where that fails, each is made in a program of its own, and that one counts: what a call does to the next one is the
    matter of called_again."""
    with submission.session(http=pages) as session:
        runs = [
            session.call(function, given, in_folder(f"{place}/comics")) for place, (function, given) in enumerate(calls)
        ]
    try:
        for run, (_, given) in zip(runs, calls, strict=True):
            ask(run, given)
    except CheckFailed:
        for function, given in calls:
            ask(download(submission, function, given, pages), given)


def paths(numbers, folder="comics"):
    return [in_folder(file_of(number, folder)) for number in numbers]


def comic_of(path):
    """The number of the comic that a path belongs to, whatever its type, its suffix and the rest of its name are; what
    has no number stays as it is."""
    found = re.findall(r"[0-9]+", str(getattr(path, "path", path)).rpartition("/")[2])
    return int(found[-1]) if found else path


@of_any_run
def expect_order(run, numbers):
    """The paths came back in the order of the numbers; the judge can ask the same of other schedules."""
    if not isinstance(run.value, list) or [comic_of(path) for path in run.value] != numbers:
        expect(run.value, paths(numbers), run.call, run)


def expect_saved(numbers, run, size=600):
    """Each comic lies in its file, with just the bytes that the site sent, and nothing else lies in the folder."""
    for number in numbers:
        expect_file(run, file_of(number), picture(number, size))
    expect_nothing_else(run, set(map(file_of, numbers)))


def two_at_once(submission):
    """Two comics, in orders in which their threads may meet in the folder. Where they do, the first few show it: what
    has to do with one file comes first in a search. Two checks look at these runs; the judge makes them once."""
    options = {"http": site()}
    given = ("download_parallel", [100, 101], in_folder("comics"))
    # Where threads go into the folder and out again, what one does there depends on several steps of the other.
    most = 20 if submission.run(*given, strategy="nonpreemptive", **options).movers else 5
    return submission.exhaust(*given, most=most, **options)


def found_a_folder(run):
    """The folder was there, against what the thread had seen before: the matter of missing_folder_is_made."""
    return run.error is not None and run.error.type == "FileExistsError"


def met_at_a_file(run):
    """Two threads came into each other's way in the folder: the matter of names_and_bytes and of
    missing_folder_is_made."""
    return found_a_folder(run) or (run.error is not None and run.error.type == "FileNotFoundError")


@of_any_run
def expect_comic(run, number, folder="comics"):
    """A file of the comic lies in the folder; what it is called and what is in it is another check's matter."""
    if not any(name.startswith(f"{folder}/") and comic_of(name) == number for name in run.files):
        there = ", ".join(sorted({*run.files} - {*THERE})) or "no file at all"
        name = file_of(number, folder)
        raise CheckFailed("wrong files", f"After {run.call} there should be a file {name}. There is: {there}.", run)


@of_any_run
def expect_nothing_else(run, names):
    extra = sorted({*run.files} - names)
    if extra:
        raise CheckFailed("wrong files", f"After {run.call} the folder also holds {', '.join(extra)}.", run)


@of_any_run
def expect_same(run, other):
    """The call gave what it gives in another run; whether that is right is another check's matter."""
    one, two = run.value, other.value
    lists = isinstance(one, list) and isinstance(two, list)
    if repr(one) != repr(two) and not (lists and Counter(map(repr, one)) == Counter(map(repr, two))):
        expect(one, two, run.call, run)


@of_any_run
def expect_all_asked(run, numbers):
    """The call did its work, so that what it did not do (wait, leave threads) means something."""
    asked = {request.url for request in run.requests}
    for number in numbers:
        for address in (info_address(number), picture_address(number)):
            if address in asked:
                continue
            message = f"{run.call} never asked for {address}." if asked else f"{run.call} asked the site for nothing."
            if run.outcome == "returned" and not isinstance(run.value, list):
                message += f" It returned {run.value!r}, and not a list."
                if run.value is not None:
                    message += (
                        " Such a thing does its work only when somebody goes through it; list(…) does it at once."
                    )
            raise CheckFailed("wrong requests", message, run)


def expect_threads(run):
    """The comics are had in threads of this process."""
    if run.processes:
        made = counted(len(run.processes), "process")
        message = f"{run.call} started {made}. Waiting for the network is work for threads: they cost far less."
        raise CheckFailed("not parallel", message, run)
    if not run.threads:
        raise CheckFailed("not parallel", f"{run.call} started no thread.", run)


def test_names_and_bytes(submission):
    """The files have the suffix of their picture, .png, .jpg or .gif, and hold all of its bytes, also of a big one."""
    big = 70_000  # more than any usual size of a chunk
    # That the paths are returned, and as what, is the public checks' matter.
    three = [100, 101, 102]
    with submission.session(http=site(size=big)) as session:
        runs = [session.call("download_comic", number, in_folder("comics")) for number in three]
    try:
        expect_saved(three, [run.completed() for run in runs][-1], size=big)
    except CheckFailed:
        for number in three:
            expect_saved([number], download(submission, "download_comic", number, site(size=big)).completed(), size=big)
    for function in ("download_sequential", "download_parallel"):
        expect_saved(TEN, ten_comics(submission, function).completed())
    for run in two_at_once(submission):
        if not found_a_folder(run):
            expect_saved([100, 101], run.completed())


def test_missing_folder_is_made(submission):
    """A missing folder is made, with its parents, and a folder that is already there is used as it is."""
    functions = {"download_comic": 104, "download_sequential": [104], "download_parallel": [104]}
    with submission.session(http=site()) as session:
        # Each is called twice: its folder is missing, and then it is there.
        runs = [(session.call(name, given, in_folder(name)), name) for name, given in functions.items() for _ in "12"]
        runs.append((session.call("download_comic", 104, in_folder("comics/of/2006")), "comics/of/2006"))
    try:
        for run, folder in runs:
            expect_in_folder(run, True, folder)
    except CheckFailed:
        # In programs of their own: what a call does to the next one is the matter of called_again.
        for function, given in functions.items():
            for files in ({}, THERE):
                expect_in_folder(download(submission, function, given, files=files), bool(files))
        deep = "comics/of/2006"
        expect_in_folder(download(submission, "download_comic", 104, folder=deep), False, deep)
    # Two threads may find at once that it is missing.
    for run in two_at_once(submission):
        if found_a_folder(run):
            run.completed()


@of_any_run
def expect_in_folder(run, was_there, folder="comics"):
    """The comic 104 lies in the folder that was there before, or was not."""
    try:
        run.completed()
        expect_comic(run, 104, folder)
    except CheckFailed as failure:
        if run.error is None:
            raise
        if was_there:
            failure.message += f" The folder {folder} is there before this call: that is no error."
        else:
            failure.message += (
                f" The folder {folder} is not there before this call: it has to be made, parents included."
            )
        raise


def test_any_iterable(submission):
    """`numbers` may be any iterable, for example a generator, which has no length and can be read only once."""
    numbers = [107, 100, 104]
    for function in ("download_sequential", "download_parallel"):
        run = download(submission, function, generator(numbers))
        if run.outcome != "returned" or run.value != paths(numbers):
            expect_same(run, download(submission, function, numbers))
        for number in numbers:
            expect_comic(run, number)


def test_order_is_kept(submission):
    """The paths come in the order of `numbers`, whichever comic arrives first."""
    numbers = [103, 101, 109, 100]
    pages = site(delays={103: 0.04, 101: 0.03, 109: 0.02, 100: 0.01})
    calls = [("download_parallel", numbers), ("download_parallel", numbers[::-1]), ("download_sequential", numbers)]
    ask_each(submission, pages, calls, expect_order)
    for strategy in ("roundrobin", "eager"):
        run = download(submission, "download_parallel", numbers, strategy=strategy)
        if not met_at_a_file(run):
            expect_order(run, numbers)
    # Here and no earlier: of a program whose order is that of arrival, the real result is luck.
    submission.confirm("download_parallel", [100, 101], in_folder("comics"), http=site(), meet="download_comic")


def test_each_address_once(submission):
    """Every address is asked for exactly once: ten comics are twenty requests."""
    for function in ("download_sequential", "download_parallel"):
        expect_once(ten_comics(submission, function).completed())
    expect_none_twice(download(submission, "download_parallel", [104, 103, 105], site(no_info=[103])))


@of_any_run
def expect_once(run):
    expect_all_asked(run, TEN)
    wanted = {*map(info_address, TEN), *map(picture_address, TEN)}
    for request in run.requests:
        if request.url not in wanted:
            message = f"{run.call} asked for {request.url}, which is neither the info nor the picture of a comic."
            raise CheckFailed("wrong requests", message, run)
    expect_none_twice(run)


@of_any_run
def expect_none_twice(run):
    for address, times in Counter(request.url for request in run.requests).items():
        if times == 1:
            continue
        asked = [request for request in run.requests if request.url == address]
        places = [f"a {request.method} at line {request.line}" for request in asked]
        where = f"each time {places[0]}" if len({*places}) == 1 else ", ".join(places)
        head = " A HEAD is a request, too." if any(request.method == "HEAD" for request in asked) else ""
        if all(request.status == 404 for request in asked):
            head = " A 404 is an answer, too: what is missing stays so."
        raise CheckFailed(
            "wrong requests",
            f"{run.call} asked {times} times for {address}: {where}.{head} Ask once, and keep the answer.",
            run,
            sorted({request.line for request in asked}),
        )


def test_one_request_at_a_time(submission):
    """download_sequential waits for an answer before it asks for the next."""
    run = ten_comics(submission, "download_sequential").completed()
    expect_all_asked(run, TEN)
    if run.peak_requests != 1:
        raise CheckFailed(
            "wrong requests",
            f"{run.call} had {run.peak_requests} requests in flight at once. It should have one: it waits for an answer"
            " before it asks for the next, without threads.",
            run,
        )


def test_many_requests_at_once(submission):
    """download_parallel has many requests in flight at the same time, in threads: at least 5 for ten comics."""
    # Five at once is what "5 times faster" needs: ten comics in five threads are two rounds. A ThreadPoolExecutor()
    # takes at least five threads, whatever the number of cores.
    run = ten_comics(submission, "download_parallel").completed()
    expect_all_asked(run, TEN)
    expect_threads(run)
    if run.peak_requests < 5:
        why = why_slow(run)
        raise CheckFailed(
            "not parallel",
            f"{run.call} never had more than {counted(run.peak_requests, 'request')} in flight at once; at least 5 are"
            f" asked for. {why.message}",
            run,
            why.lines,
        )


def downloaded(submission, count):
    """The first comics of the ten, for the chart: waiting gets faster with the number of requests, not of cores."""
    return submission.run("download_parallel", TEN[:count], in_folder("comics"), http=site(latency=0.2)).completed()


def test_parallel_is_faster(submission):
    """Ten comics at 0.2 s a request: download_parallel is at least 5 times faster than one after another."""
    # One after another these are 20 * 0.2 s = 4.0 s, so 0.8 s are allowed. That is just what a right program with
    # 5 to 9 threads needs for its two rounds of two requests each (a ThreadPoolExecutor() takes 8 on 4 cores), and
    # starting threads and taking locks costs some virtual time on top: one part in twenty is left for that. The next
    # slower program, three rounds in four threads, takes 1.2 s. The bound is fixed, and not taken from this program's
    # own download_sequential, so that neither function can spoil or save the other's points.
    run = ten_comics(submission, "download_parallel").completed()
    expect_all_asked(run, TEN)
    submission.tell_speedup(4.0 / run.elapsed)
    if run.elapsed > 4.0 / 5 * 1.05:
        raise not_faster(
            f"{run.call} took {run.elapsed:.2f} s, where one request after another takes 4.00 s: "
            f"{4.0 / run.elapsed:.1f} times faster. At least 5 times faster is asked for, that is 0.80 s.",
            run,
            lambda n: 0.4 * n / downloaded(submission, n).elapsed,
            wanted=5,
            at=10,
            over=(1, 2, 5, 10),
            unit="comics",
        )


@of_any_run
def expect_http_error(run, numbers, no_info, no_picture):
    """The call raised requests.HTTPError; the failure says which of its addresses should have made it do so."""
    missing = [number for number in numbers if number in no_info or number in no_picture]
    addresses = [info_address(number) if number in no_info else picture_address(number) for number in missing]
    try:
        run.raised("requests.HTTPError")
    except CheckFailed as failure:
        failure.message += f" In this run {' and '.join(addresses)} answered 404. {what_to_do(run, missing)}".rstrip()
        raise


def what_to_do(run, missing):
    """What to do about a 404 that did not become an HTTPError."""
    if run.error is not None and run.error.message.startswith("[Errno"):  # a folder or a file is the trouble
        return ""
    if run.error is not None:
        return "raise_for_status() raises the HTTPError of an answer: call it before you use what the answer holds."
    if any(comic_of(name) in missing for name in run.files):
        return "What is saved is the page that the site sends with it: look at the status of an answer before you save."
    return "A comic that cannot be had is not left out in silence: its error has to reach the caller."


def test_missing_comic_is_raised(submission):
    """download_comic and download_sequential raise requests.HTTPError where the info or the picture answers 404."""
    missing = {"no_info": (101,), "no_picture": (102,)}
    calls = [("download_comic", number) for number in (101, 102)]
    calls += [("download_sequential", numbers) for numbers in ([100, 101, 103], [100, 102, 103], [101], [103, 102])]

    def ask(run, given):
        expect_http_error(run, [given] if isinstance(given, int) else given, **missing)

    ask_each(submission, site(**missing), calls, ask)


def test_missing_comic_in_parallel(submission):
    """download_parallel raises requests.HTTPError too, after all of its threads have ended."""
    # 101 is known to be missing while the others are still under way, 108 long after they have ended.
    missing = {"no_info": (101, 103), "no_picture": (102, 108)}
    pages = site(**missing, delays={101: 0.001, 102: 0.005, 108: 0.05})
    several = ([101, 104, 105], [104, 102, 105], [104, 105, 108], [108, 104], [104, 103], [102, 104, 101])

    def ask(run, numbers):
        expect_http_error(run, numbers, **missing)
        run.assert_joined()

    ask_each(submission, pages, [("download_parallel", numbers) for numbers in several], ask)
    numbers = [104, 103, 105]
    for strategy in ("roundrobin", "nonpreemptive"):
        run = download(submission, "download_parallel", numbers, pages, strategy=strategy)
        if not met_at_a_file(run):
            ask(run, numbers)


def asked_for(run, address):
    return any(request.url == address for request in run.requests)


@of_any_run
def expect_no_file_of_missing(run, address, whole):
    """No file but those that the other comics have where none is missing, whatever they are called."""
    if not asked_for(run, address):
        raise CheckFailed("wrong requests", f"{run.call} never asked for {address}.", run)
    for name, content in run.files.items():
        if whole.get(name) == content:
            continue
        how = ""
        if not content:
            how = " Open the file only when the picture is there."
        elif b"404 Not Found" in content:
            how = " That is the page that the site sends with the 404: look at the status of an answer before you save."
        raised = ""
        if run.error is not None:
            short = run.error.type.rpartition(".")[2]
            raised = f"raised {short}, {'as it should, ' if short == 'HTTPError' else ''}but "
        size = counted(len(content), "byte")
        message = f"{address} answered 404, and {run.call} {raised}left {name} behind, with {size}.{how}"
        raise CheckFailed("wrong files", message, run)


def test_missing_comic_leaves_no_file(submission):
    """A comic that answers 404 leaves no file: no error page, no empty file, no part of one."""
    pages = site(no_info=[101], no_picture=[102])
    calls = (
        ("download_comic", 101, info_address(101)),
        ("download_comic", 102, picture_address(102)),
        ("download_sequential", [100, 102, 103], picture_address(102)),
        ("download_parallel", [100, 102, 103], picture_address(102)),
        ("download_parallel", [100, 101], info_address(101)),
    )
    # The other comics may be there, but whole.
    whole = {file_of(number): picture(number) for number in (100, 103)}
    # In folders of their own, one call after the other; where that fails, each in a program of its own.
    with submission.session(http=pages) as session:
        for place, (function, numbers, address) in enumerate(calls):
            run = session.call(function, numbers, in_folder(f"{place}/comics"))
            # Those of the calls before were looked at then.
            new = [name for name in run.files if name.startswith(f"{place}/") or not re.match(r"[0-4]/", name)]
            if not asked_for(run, address) or any(whole.get(name[2:]) != run.files[name] for name in new):
                break
        else:
            return
    for function, numbers, address in calls:
        run = download(submission, function, numbers, pages)
        if function != "download_comic" and any(whole.get(name) != content for name, content in run.files.items()):
            # Just as the program saves them where none is missing, whatever it calls them.
            whole = download(submission, function, [100, 103], pages).files
        expect_no_file_of_missing(run, address, whole)


def test_threads_joined(submission):
    """When download_parallel returns, all of its threads have ended, however slow the network is."""
    # The first comic comes last, so that waiting for the last thread is not enough. Under "roundrobin", the adversary,
    # a sleep or a time limit is over as soon as it is its turn: long before a single comic is there.
    for numbers, strategy in (([100, 101, 102, 103], "virtual"), ([104, 105, 106], "eager"), ([107], "roundrobin")):
        pages = site(delays={100: 0.05})
        run = download(submission, "download_parallel", numbers, pages, strategy=strategy).completed()
        run.assert_joined()
        expect_all_asked(run, numbers)
        if len(numbers) > 1:  # a single comic may be had without a thread
            expect_threads(run)
    # Whoever says "done" as its last act has not ended yet.
    for run in two_at_once(submission):
        if not met_at_a_file(run):
            run.assert_joined()


def test_called_again(submission):
    """The functions can be called several times: nothing is left over from the call before, not even an error."""
    pages = site(no_picture=[102])
    # That a folder may be there already is another check's matter: each call has one of its own. 100 is saved in two.
    calls = [
        (function, numbers, f"{function}_{number}")
        for function in ("download_sequential", "download_parallel")
        for number, numbers in enumerate(((100, 101), (109, 103, 104), (105, 102), (106, 100)), 1)
    ]
    with submission.session(http=pages) as session:
        runs = [session.call(function, numbers, in_folder(folder)) for function, numbers, folder in calls]
    if not any(run.requests for run in runs):
        raise CheckFailed("wrong requests", "However often they are called, they ask the site for nothing.", None)
    for run, (function, numbers, folder) in zip(runs, calls, strict=True):
        # The call of 102 raises; what it left over shows in the next one. All others give what they give alone.
        right = run.outcome == "returned" and run.value == paths(numbers, folder)
        if 102 not in numbers and not right:
            expect_same(run, download(submission, function, numbers, pages, folder))
    # The same comic once more, into the same folder: its file holds the picture, and that once.
    with submission.session(http=pages) as session:
        once, again = (session.call("download_comic", 100, in_folder("twice")) for _ in range(2))
        other = session.call("download_comic", 100, in_folder("elsewhere"))
    saved = [run.files.get("twice/100.jpg") for run in (once, again)]
    if again.outcome == "returned" and saved[0] is not None and saved[0] != saved[1]:
        lengths = [0 if content is None else len(content) for content in saved]
        raise CheckFailed(
            "wrong files",
            f"{once.call} saved {lengths[0]} bytes in twice/100.jpg. The same call again left {lengths[1]} there: a "
            "file that is there from before has to be replaced.",
            again,
        )
    if saved[0] is not None and other.outcome == "returned" and "elsewhere/100.jpg" not in other.files:
        raise CheckFailed(
            "wrong files",
            f"After {once.call}, {other.call} saved nothing in its folder: a comic that is in one folder is not in "
            "another one. What a function remembers of a call must not stand in the way of the next.",
            other,
        )
