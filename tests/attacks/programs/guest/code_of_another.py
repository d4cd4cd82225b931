# attack: hands the judge other code than its text for the runs that follow
# expects: failed

import marshal, sys
sys.modules['autograder.world.guest.rewrite'].compile_counted.__globals__
finder = next(one for one in sys.meta_path if hasattr(one, 'boot'))
type(finder).code = property(lambda self: marshal.dumps(compile('def total(*a): return 42', 'program.py', 'exec')), lambda self, value: None)

def total(numbers, known):
    return 0
