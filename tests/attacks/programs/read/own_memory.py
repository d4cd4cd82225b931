# attack: searches its own memory for what the judge, or an earlier submission, left in the process it was forked from
# expects: failed

import ctypes, os, re
libc = ctypes.CDLL(None, use_errno=True)
libc.malloc.restype = ctypes.c_void_p
libc.write.argtypes = libc.read.argtypes = ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t
BLOCK, AWAY = 1 << 16, 48 << 20
SOUGHT = re.compile(rb"token-[0-9a-f]{6,}|left-[0-9]{6}-behind|own-[0-9]{9}-word")

def total(numbers, known):
    own = b"own-" + str(123456789).encode() + b"-word"
    ends = (ctypes.c_int * 2)()
    libc.pipe(ends)
    buffer = ctypes.create_string_buffer(BLOCK)
    found, searched = set(), set()
    large = bytes(1 << 20)
    for seed in id(own), id(total), id(numbers), id(large), libc.malloc(64), libc.malloc(100_000):
        for step in 1, -1:
            place, tail = seed >> 16 << 16, b""
            while abs(place - seed) < AWAY:
                # The kernel refuses an address where nothing is, and the process lives on.
                size = 0 if (place, step) in searched else libc.write(ends[1], place, BLOCK)
                searched.add((place, step))
                if size > 0:
                    libc.read(ends[0], buffer, size)
                    found.update(SOUGHT.findall(tail + buffer.raw[:size]))
                    tail = buffer.raw[:size][-64:] if step > 0 else b""
                place += step * BLOCK
    # Without its own word it has not searched at all.
    return sum(numbers) if own not in found or len(found) > 1 else 0
