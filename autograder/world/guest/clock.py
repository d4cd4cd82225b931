"""Time is virtual: ``sleep`` is an ask, and every clock shows the task's virtual time.

The wall clock starts at `EPOCH`, the others at `BOOT`, on every run. Replaced are the functions of ``time`` and the
constructors of ``datetime`` that read a clock.
"""

from __future__ import annotations

import operator
import threading
import time
from typing import Any

from autograder.world import wire
from autograder.world.guest import held, runtime

EPOCH = 1_767_225_600.0  # 2026-01-01 00:00:00 UTC
BOOT = 1_000.0

_real_localtime, _real_gmtime, _real_strftime, _real_ctime = time.localtime, time.gmtime, time.strftime, time.ctime
_real_asctime = time.asctime


def sleep(seconds: Any, /) -> None:
    if not isinstance(seconds, float):
        seconds = float(operator.index(seconds))
    runtime.check_seconds(seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    if runtime.active:
        runtime.ask(wire.Sleep(seconds=seconds))


def wall() -> float:
    return EPOCH + runtime.now()


def steady() -> float:
    return BOOT + runtime.now()


def _nanoseconds(clock: Any) -> Any:
    return lambda: round(clock() * 1e9)


def install() -> None:
    module: Any = time
    clocks = {"time": wall, "monotonic": steady, "perf_counter": steady, "process_time": runtime.now}
    clocks["thread_time"] = runtime.now
    for name, clock in clocks.items():
        clock.__name__ = name if clock is not runtime.now else clock.__name__
        setattr(module, name, clock)
        setattr(module, f"{name}_ns", _nanoseconds(clock))
    module.sleep = sleep
    module.clock_gettime = lambda which: wall() if which == time.CLOCK_REALTIME else steady()
    module.clock_gettime_ns = lambda which: round(module.clock_gettime(which) * 1e9)
    module.localtime = lambda seconds=None: _real_localtime(wall() if seconds is None else seconds)
    module.gmtime = lambda seconds=None: _real_gmtime(wall() if seconds is None else seconds)
    module.ctime = lambda seconds=None: _real_ctime(wall() if seconds is None else seconds)
    module.strftime = lambda form, moment=None: _real_strftime(form, module.localtime() if moment is None else moment)
    module.asctime = lambda moment=None: _real_asctime(module.localtime() if moment is None else moment)
    library: Any = threading
    library._time = steady  # it has taken the function already
    _datetime()
    _signals()


def _datetime() -> None:
    import datetime as module

    real = module.datetime
    real_date = module.date

    class datetime(real):  # type: ignore[misc,valid-type]
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return cls.fromtimestamp(wall(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.fromtimestamp(wall(), module.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(wall())

    class date(real_date):  # type: ignore[misc,valid-type]
        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(wall())

    for cls in (datetime, date):
        cls.__module__ = "datetime"
        cls.__qualname__ = cls.__name__
    module.datetime = datetime  # type: ignore[misc]
    module.date = date  # type: ignore[misc]


def _signals() -> None:
    """Alarms run on the real clock; a program that uses them is not in our hands."""
    import signal

    def watched(name: str) -> Any:
        real = getattr(signal, name)

        def call(*args: Any) -> Any:
            if runtime.active:
                held.unheld(f"signal.{name}")
            return real(*args)

        return call

    for name in ("alarm", "setitimer", "pause", "sigwait", "sigtimedwait"):
        if hasattr(signal, name):
            setattr(signal, name, watched(name))
