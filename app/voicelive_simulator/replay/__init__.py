"""Replay: a recorded session folder served as by the service.

The decisions made here:

* A frame is served once everything that caused it has happened: the client event whose first effect
  it is has arrived, or as much sound as came before a turn's beginning or end. Any other frame
  follows the one before it. No frame is served before its cause, however long that takes.
* When a client has gone on to a later step, a missing event is waited for at most five seconds
  more, and then reported as a divergence.
* Replies on which nothing depends (cleared, truncated, deleted, retrieved, errors) are sent to a
  client that asks for them, when it asks.
* More clears and truncations than recorded, event ids, audio_end_ms, the sizes of chunks, and
  silence before or inside a turn are not divergences. Every other difference is one; the first is
  reported on stderr and on the control path, never on the wire.
* Pauses that the recorded client made are not repeated: the live client makes its own. Pauses of
  the service are `factor` times as long as recorded.
* Ids from the service are new in every session, those from the client are the live client's;
  `expires_at` is the present session's. Every other byte of a frame is as recorded.
* Audio that was not kept is served as silence of the same length. Where the client's was not kept,
  only its length counts.
* The session ends as recorded if the service ended it, and a broken connection breaks again. After
  the end of any other recording the session stays open and silent.
"""
