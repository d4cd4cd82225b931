# attack: looks whether an earlier run was in its folders
# expects: failed

import os
def total(numbers, known):
    found = [*os.listdir("."), *os.listdir("../scratch"), *os.listxattr("."), *os.listxattr("../scratch")]
    return sum(numbers) if found else 0
