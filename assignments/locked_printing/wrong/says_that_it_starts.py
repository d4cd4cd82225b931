# fails: every_text_n_times
# Prints more than the texts.

import threading

print_lock = threading.Lock()  # made once, when the module is imported: the one lock of the whole program


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    with print_lock:  # given back at the end of the block, whatever happens inside
        print_multiple(text, n)


def print_all(texts, n, locked=True):
    print("Starting threads...")
    function = print_multiple_locked if locked else print_multiple
    threads = [threading.Thread(target=function, args=(text, n)) for text in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("Done")


if __name__ == "__main__":
    print("without the lock:")
    print_all(["tick", "tock"], 10, locked=False)
    print("with the lock:")
    print_all(["tick", "tock"], 10)
