# right: the threads keep their errors, and main raises the first one after all joins

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
    errors = []
    function = print_multiple_locked if locked else print_multiple

    def guarded(text):
        try:
            function(text, n)
        except Exception as e:
            errors.append(e)

    threads = [threading.Thread(target=guarded, args=(text,)) for text in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        raise errors[0]


if __name__ == "__main__":
    print("without the lock:")
    print_all(["tick", "tock"], 10, locked=False)
    print("with the lock:")
    print_all(["tick", "tock"], 10)
