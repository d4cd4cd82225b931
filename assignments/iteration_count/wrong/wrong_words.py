# fails: example_lines, line_form
# The lines have another form: "thread a: 797 iterations in thread a" was asked for without the first words.
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {"a": 0, "b": 0}
    last = None
    end = time.time() + seconds

    def count(name):
        nonlocal last
        n = 0
        while time.time() < end:
            if last != name:
                if n:
                    print(f"thread {name}: {n} iterations in thread {name}")
                n = 0
                last = name
            n += 1
            totals[name] += 1
        print(f"thread {name}: {n} iterations in thread {name}")

    threads = [threading.Thread(target=count, args=(name,)) for name in "ab"]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return totals
