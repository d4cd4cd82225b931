"""What holds for all tests: property tests judge programs, never the speed of the machine."""

from hypothesis import settings

settings.register_profile("any-machine", deadline=None, derandomize=True)
settings.load_profile("any-machine")
