# attack: reads what the submission beside it has
# expects: failed

def total(numbers, known):
    found = []
    for path in (known['own'], '/proc/%d/mem' % known['neighbour'], '/proc/%d/environ' % known['neighbour'],
                 '/proc/%d/cwd/own' % known['neighbour'], '/proc/%d/root%s' % (known['neighbour'], known['own'])):
        try: found.append(open(path, 'rb').read(100))
        except OSError: pass
    return sum(numbers) if found else 0
