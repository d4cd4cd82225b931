# attack: recurses without end
# expects: failed

def total(numbers, known):
    import sys
    sys.setrecursionlimit(10**8)
    def f(n): return f(n + 1)
    return f(0)
