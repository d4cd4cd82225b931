# right: a ThreadPoolExecutor with a worker for each text; the results are asked for, so errors come back
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

LOCK = Lock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end="|", flush=True)
    print(flush=True)


def print_multiple_locked(text: str, n: int) -> None:
    with LOCK:
        print_multiple(text, n)


def print_all(texts, n: int, locked: bool = True) -> None:
    if len(texts) == 0:
        return
    function = print_multiple_locked if locked else print_multiple
    with ThreadPoolExecutor(max_workers=len(texts)) as executor:
        futures = [executor.submit(function, text, n) for text in texts]
    for future in futures:
        future.result()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
