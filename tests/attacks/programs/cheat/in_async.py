# attack: works in a coroutine that is driven by hand
# expects: failed
# says: loop turns

async def numbers_for_ever():
    while True: yield 1

async def work():
    return [n async for n in numbers_for_ever()]

def total(numbers, known):
    try: work().send(None)
    except StopIteration: pass
    return 0
