"""Faults: named unkindnesses of the service, armed by a scenario or live, carried out on the
handshake or on the wire.

What it decides:

* `times` counts strikes over all sessions of a server, so that a client that connects again finds
  it cured; `after` counts in each session by itself. jitter, stop-reading, stop-pongs and slow-drip
  last until they are taken back.
* A fault of the connection with neither `on` nor `after` strikes at once, and before
  session.created in a session to come. An end takes the place of the event that it strikes at. A
  fault with a `field` waits for an event that has it.
* Faults combine in the order in which they were armed; what is bytes already has no fields left to
  change.
* What is held back by stall and jitter is bounded: beyond 1000 events or 4 MiB the session takes no
  more frames.
* Faults of the handshake come before the request's own refusal. Armed in a session, they strike the
  server's next handshake.
* token-expiry is a guess, for no document says what happens: an `error` with code token_expired,
  then close 1008.
"""
