# attack: puts modules of the library's names into its folder
# expects: failed

def total(numbers, known):
    try:
        for n in ('json', 'msgspec', 'pytest', 'random'):
            open(n + '.py', 'w').write('raise SystemExit')
    except BaseException as error:
        return repr(error)
