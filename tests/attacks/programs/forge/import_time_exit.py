# attack: ends the interpreter with success at its import
# expects: failed

import os
os._exit(0)
