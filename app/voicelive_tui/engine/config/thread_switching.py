"""Tunes how long a thread waits for the interpreter while another thread computes.

A microphone block on its way to the socket needs the interpreter after each system call: after the
wait for it, after reading it and after writing it to the socket. Each time it may wait a whole
switch interval for the screen, and another one for the journal's thread. With Python's interval of
5 ms these add up to more than 20 ms.
"""

import sys

SWITCH_INTERVAL_S = 0.0005


def switch_threads_often() -> None:
    """Let a thread that computes give up the interpreter after half a millisecond if another one
    wants it."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
