"""Tunes how long a thread waits for the interpreter while another thread computes.

A microphone block on its way to the socket needs the interpreter after each system call: after the
wait for it, after reading it and after writing it to the socket. Each time it may wait a whole
switch interval for the screen, and another one for the journal's thread. With Python's interval of
5 ms these add up to more than 20 ms.
"""

import sys

_USUAL_S = sys.getswitchinterval()
SESSION_S = 0.001


def switch_threads_often(on: bool) -> None:
    """Let a thread that computes give up the interpreter after a millisecond if another one wants
    it; off: after Python's own interval, in which a thread that waits wakes less often."""
    sys.setswitchinterval(SESSION_S if on else _USUAL_S)
