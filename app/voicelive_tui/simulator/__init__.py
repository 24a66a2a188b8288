"""A Voice Live service on loopback: a second, independent reading of the API that shares no code with the client.

Where protocol.md is silent or contradicts itself, the simulator decides as follows.

* Unknown fields in a session, item or response are left out and named in a `warning` event each (before 2026-04-10, which has no
  such event, in silence). Bad values are `invalid_request_error`s with OpenAI's codes, and change nothing. What only OpenAI's
  native models take (near_field, semantic_vad, whisper-1, their voices) is a bad value for every other model.
* `response.create` while a response runs is an error, as clients report, unless it says `cancel_previous: true`.
* An interruption sends audio.done, audio_transcript.done, content_part.done, output_item.done (incomplete), response.done, and
  then conversation.item.truncated when `auto_truncate` asks for it. What was heard counts in real time from the first audio
  delta; an answer that comes while another one plays is heard after it.
* The events that end a response tell what was sent, also when its item was truncated or deleted meanwhile; the item itself stays
  cut. A response cancelled before its first delta has no item.
* With `interrupt_response: false` the answer to a turn waits for the end of the running response.
* A turn under way when detection is switched off stays in the buffer, and its item takes the id that was announced when a commit
  comes. Speech under way when detection is switched on begins a turn there. A buffer of less than 20 ms is an empty one.
* `rate_limits.updated` follows each response.done. It reports an estimate and never limits.
* A native model's transcript comes 0.2 s after the commit, a cascaded model's before the item; both say what a
  scenario says, or only what was measured.
* Unless a scenario says otherwise the first delta comes 0.3 s after response.created, and 200 ms of audio leave every 40 ms; each
  after the words and visemes that begin in it.
* `null` for `turn_detection` and the other nullable fields is a value; `model` in an update must be the URL's.

What is accepted, checked and echoed, but changes nothing here: temperature, reasoning_effort, interim_response, invoke_input,
avatar, blendshapes, a voice's style and locale, noise reduction, echo cancellation without the client's
reference, the model, languages and thresholds of end-of-utterance detection. There is no avatar.

The audio that a client sends is measured and thrown away: of each 20 ms block three numbers stay, for ten minutes at least while
they are not committed, and twenty at most. A client can put 2000 items with 32 million characters into a conversation; a response
has at most 4000 spoken characters; one client frame waits.
"""
