"""Replay: a recorded session folder served back as the service.

What it decides:

* A frame is served when all that caused it has come: the client event whose first effect it is, or
  as much sound as there was before a turn began or ended. All else follows the frame before it.
  Nothing is served before its question, however long that takes.
* A client that has gone on to something later is not waited for any longer than five seconds: what
  it left out is told as a divergence.
* Replies on which nothing depends (cleared, truncated, deleted, retrieved, errors) come to who asks
  for them, when they are asked for.
* More clears and truncations than recorded, event ids, audio_end_ms, chunks, and silence before or
  inside a turn are no divergence. Everything else that differs is one; the first is told on stderr
  and on the control path, never on the wire.
* What the recorded client waited for by itself is not waited for again: a pause is the live
  client's own. The service's is `factor` times as long as recorded.
* Names that the service gave are new in every session, those that the client gave are the live
  client's; `expires_at` is the present session's. Every other byte of a frame is as it was
  recorded.
* Sound that was not kept is served as silence of the same length. Where the client's was not kept,
  its length alone counts.
* The end is the recorded one when the service made it, and a broken connection breaks again. After
  the end of any other recording the session stays open and silent.
"""
