# attack: raises an exception whose parts raise
# expects: failed

class Meta(type):
    def __getattribute__(cls, name): raise ValueError('\udcff')

class Odd(Exception, metaclass=Meta):
    def __str__(self): raise KeyboardInterrupt

def total(numbers, known):
    raise Odd()
