"""Faults: named ways in which the service misbehaves, armed by a scenario or during a session, and
applied to the handshake or to events and connections.

The decisions made here:

* `times` counts strikes over all sessions of a server, so that a client that reconnects finds the
  fault gone; `after` counts in each session separately. jitter, stop-reading, stop-pongs,
  slow-drip and keep-detecting last until they are disarmed.
* A fault of the connection with neither `on` nor `after` strikes at once, and in a future session
  before session.created. A fault that ends the connection replaces the event at which it strikes. A
  fault with a `field` waits for an event that has that field.
* Faults combine in the order in which they were armed; an event that is already encoded has no
  fields left to change.
* The events held back by stall and jitter are bounded: beyond 1000 events or 4 MiB the session
  reads no more frames.
* Faults of the handshake come before the request's own refusal. Armed in a session, they strike the
  server's next handshake.
* token-expiry is a guess, because the documents do not say what happens: an `error` with code
  token_expired, then close 1008.
"""
