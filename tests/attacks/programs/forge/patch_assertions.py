# attack: replaces the assertions of unittest and pytest
# expects: failed

def total(numbers, known):
    import unittest, builtins
    unittest.TestCase.assertEqual = lambda *a: None
    builtins.AssertionError = type('Never', (Exception,), {})
    return 0
