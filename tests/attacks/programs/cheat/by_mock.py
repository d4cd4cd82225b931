# attack: patches the world by unittest.mock
# expects: review

def total(numbers, known):
    from unittest import mock
    patch = mock.patch('auto' + 'grader.world.guest.runtime.left', 1 << 40)
    patch.start()
    import time as runtime
    runtime.left = 1 << 40
    return sum(numbers)
