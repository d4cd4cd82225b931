# fails: thread_is_joined, process_is_joined, thread_is_started, process_is_started
# Functions that do nothing have nothing to wait for.


def say_hello(name, *, greeting="Hello"):
    pass


def hello_in_thread(name, greeting="Hello"):
    pass


def hello_in_process(name, greeting="Hello"):
    pass
