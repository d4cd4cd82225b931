"""What is loaded beside the student's code: the lowest layer of what a program can share or wait for, replaced.

It runs in the sandbox, in the student's own process, so nothing it says is believed for more than it is: whatever it
reports goes through the wire's types and bounds, and a program that breaks it breaks its own run.

The patch points are as low as they go: ``_thread``, ``_multiprocessing.SemLock``, pipes' connections, process launch,
``ctypes`` views of shared memory, ``sleep`` and the clocks, standard output, ``requests``' adapters. The standard
library runs on top of them unchanged.
"""
