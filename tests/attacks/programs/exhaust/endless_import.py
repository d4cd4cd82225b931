# attack: loops without end at its import
# expects: failed

while True: pass
