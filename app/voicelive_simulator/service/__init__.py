"""Sockets: the listening server, its sessions, and the control path for tests.

The decisions made here:

* A session's number counts from 1 since the start or the last reset, and a scenario's seed depends
  on it. A reset restarts the numbers, the journal and the faults given at the start, and only then
  ends the old sessions, with 1001 "reset".
* Every request must name one of the simulator's hosts, and must not come from a web page that was
  not allowed; otherwise it is refused with 403 before any other check. Pages of this machine are no
  exception. A request without a host must be HTTP/1.0, which no browser uses, or gets 400.
* The control path refuses in this order: another machine 403, a browser's Origin 403, no token set
  404, a wrong token 401, an unknown path 404, a wrong method 405, bad parameters 400. A path
  /simulator/... that ends in /voice-live/realtime still belongs to the service.
* A fault that is armed without a session strikes in the session that triggers it first. The journal
  contains what the service meant to send, and beside it the fault that struck; audio is given as a
  number of bytes, and credentials are hidden.
* At most one client frame is queued; nothing is sent to a client that does not read; a session
  expires by the wall clock.
"""
