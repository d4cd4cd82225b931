"""Far fewer steps for fib; imap with chunks; one process prints after the other by a shared counter of turns."""

import multiprocessing as mp


def _doubling(n: int) -> tuple[int, int]:
    if n == 0:
        return 0, 1
    a, b = _doubling(n // 2)
    c, d = a * (2 * b - a), a * a + b * b
    return (d, c + d) if n % 2 else (c, d)


def fib(n: int) -> int:
    if n < 0:
        raise ValueError
    return _doubling(n)[0]


def fib_map(numbers) -> list[int]:
    result = list(map(fib, numbers))
    return result


def fib_pool(numbers, processes: int = 4) -> list[int]:
    with mp.Pool(processes) as pool:
        values = list(pool.imap(fib, numbers, chunksize=3))
        pool.close()
        pool.join()
    return values


def _print_in_turn(place: int, n: int, turn, condition) -> None:
    value = fib(n)
    with condition:
        condition.wait_for(lambda: turn.value == place)
        print(f"fib({n}) = {value}")
        turn.value += 1
        condition.notify_all()


def print_fibs(numbers) -> None:
    turn = mp.Value("i", 0)
    condition = mp.Condition()
    children = [mp.Process(target=_print_in_turn, args=(i, n, turn, condition)) for i, n in enumerate(numbers)]
    for child in children:
        child.start()
    for child in children:
        child.join()
