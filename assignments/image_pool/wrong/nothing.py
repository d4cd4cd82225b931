# fails: sequential_in_one_process, pool_closed, pool_faster
# Doing nothing is fast, and closes no pool.


def make_thumbnail(path, target, size=128):
    pass


def make_thumbnails_sequential(source, target, size=128):
    pass


def make_thumbnails(source, target, size=128, processes=4):
    pass
