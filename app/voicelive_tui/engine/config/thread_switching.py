"""Tunes how long a thread waits for the interpreter while another thread computes.

A microphone block on its way to the socket needs the interpreter after each system call: after the
wait for it, after reading it and after writing it to the socket. Each time it may wait a whole
switch interval for the screen, and another one for the journal's thread. With Python's interval of
5 ms these add up to more than 20 ms.
"""

import sys

_DEFAULT_S = sys.getswitchinterval()
SESSION_S = 0.001


def shorten_switch_interval(on: bool) -> None:
    """Make a thread that computes give up the interpreter after `SESSION_S` if another one wants
    it. on: False for Python's own interval, with which waiting threads wake less often."""
    sys.setswitchinterval(SESSION_S if on else _DEFAULT_S)
