"""The gate for whoever writes assignments: do the checks tell every right program from every wrong one?

``mutants`` makes wrong programs of a right one, ``equivalent`` reads which of them are right all the same, ``gate``
has everything judged and says what does not hold, ``report`` prints it.
"""
