# attack: hands the judge noise as its compiled code
# expects: failed

import sys
finder = next(one for one in sys.meta_path if hasattr(one, 'boot'))
type(finder).code = property(lambda self: b'\xff' * 100, lambda self, value: None)

def total(numbers, known):
    return 0
