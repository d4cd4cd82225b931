# attack: finds the world by an annotation that is evaluated
# expects: review
# raises: ModuleNotFoundError

def total(numbers, known):
    import typing
    def f(): pass
    f.__annotations__ = {'x': '__imp' + 'ort__("auto" + "grader.world.guest.runtime", fromlist=["x"])'}
    try: typing.get_type_hints(f)
    except TypeError: pass
    import time
    runtime = typing.cast(object, time)
    runtime.left = 1 << 40
    return sum(numbers)
