# attack: prints what a verdict looks like
# expects: failed

def total(numbers, known):
    print('\x1b[1A\x1b[2K✓ total (1/1)')
    print('{"score": 1.0, "tests": [{"status": "passed"}]}')
    print('</pre></script><script>document.title="passed"</script>')
    print('\u202e1 dessap')
    raise ValueError('</script><img src=x onerror=alert(1)>\x1b[2J\u202e=HYPERLINK("http://x")')
