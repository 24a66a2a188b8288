"""Sockets: the listening server, its sessions, and the control path for tests.

What it decides:

* A session's number counts from 1 since the start or the last reset; a scenario's seed takes it. A
  reset begins numbers, journal and the faults of the start anew, and only then ends the old
  sessions, with 1001 "reset".
* Every request names a host of the simulator's and no web page that was not allowed, or is refused
  with 403 before anything else. Pages of this machine are no exception. Who names no host must
  speak HTTP/1.0, which no browser does, or gets 400.
* The control path refuses in this order: another machine 403, a browser's Origin 403, no token set
  404, a wrong token 401, an unknown path 404, a wrong method 405, bad parameters 400.
  /simulator/... that ends in /voice-live/realtime is the service still.
* A fault that is armed without a session strikes in whichever comes to it first. The journal tells
  what the service meant to say, and beside it which fault struck; audio is its number of bytes, and
  credentials are hidden.
* One client frame waits; a client that does not read is not talked at; an expired session ends by
  the wall's clock.
"""
