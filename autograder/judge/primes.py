"""Why a number is prime, or is not: for checks of programs whose work is to test numbers."""

from __future__ import annotations

from typing import Any


def why_prime(n: int, got: Any) -> str:
    """What speaks against ``got``, the answer of a program that was asked whether ``n`` is prime; "" where that is no
    answer at all. For the ``guess`` of `expect`. It divides up to the square root: not for large primes."""
    if not isinstance(got, bool):
        return ""
    if n < 2:
        return "The smallest prime is 2."
    divisor = next((d for d in range(2, int(n**0.5) + 1) if n % d == 0), None)
    return f"{n} is {divisor} times {n // divisor}." if divisor else f"Only 1 and {n} divide {n}."
