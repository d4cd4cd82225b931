# attack: has a hook that answers every import with another one
# expects: failed
# raises: ModuleNotFoundError

import sys
class Hook:
    def find_spec(self, name, path=None, target=None):
        __import__(name + 'x')
sys.meta_path.insert(0, Hook())
def total(numbers, known):
    import nothing
