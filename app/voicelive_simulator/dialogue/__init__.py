"""The conversation, sans I/O: the user's turns, the assistant's responses, items, tools, and the
session clock.

The decisions made where the documents are silent or contradict one another:

Audio and time

* Session time follows the wall clock. Audio that arrives faster than real time advances it; while
  the voice renders, it stands still. Audio up to 1 s late continues the audio before it. After a
  longer pause, a chunk of up to 1 s is taken as recorded until now, and a longer one as a file that
  begins now.
* When detection is switched off during a turn, the turn stays in the buffer, and its item takes the
  announced id when a commit comes. When detection is switched on during speech, a turn begins
  there.
* A sentence that a script calls unfinished is given one more wait: the end-of-utterance timeout or,
  in semantic_vad, until 8, 4 or 2 s of silence (low, medium or auto, high). speech_stopped is sent
  when the turn really ends. Without a script every sentence is finished.
* While the user hears the assistant, it takes speech_duration_assistant_speaking_ms of speech to
  begin a turn. remove_filler_words acts then, with a script only: a filler of less than 0.8 s is no
  turn.
* With `interrupt_response: false` the response to a turn waits for the end of the running response.

Transcripts

* A cascaded model's transcript comes before the item; a native model's 0.2 s after the commit, from
  a gpt-4o recogniser in deltas. A transcript contains the script's text or, without one, the
  measurements. A turn is one phrase; the times of its words are estimated from their lengths.
  logprobs are 0.0 and are given for a script's words only.

Items

* Retrieved audio is null, as in every other event, because it was not kept. An id that was
  announced is taken. A client's id has at most 32 characters, as with OpenAI.
* The output of a call that was never made is refused (invalid_tool_call_id), as by OpenAI.
* The first input_text.delta with a new id opens a text, content_index counts its parts in order,
  and the message appears when all parts are done. At most 16 texts can be open, each of 1 Mi
  characters.

Responses

* response.create during a running response is an error, unless it has `cancel_previous: true`.
  These are checked in this order: its values, whether they fit model and tools, whether the
  conversation is full, its items, and whether a response is running. A refused response.create
  cancels nothing.
* Out-of-band responses (`conversation: "none"` or `commit: false`) run beside the conversation's
  own, at most eight at a time. They are not assumed to be played, and barge-in does not stop them.
* Unless a script says otherwise, the first delta comes 0.3 s after response.created, followed by
  200 ms of audio every 40 ms. Each delta comes after the words and visemes that begin in it. Only
  Azure's voices have word times and visemes.
* A response cancelled before its first delta has no item. The last item of a response that does not
  complete is incomplete. A response that runs out of tokens ends as incomplete, whatever outcome a
  script names.
* An interruption sends audio.done, audio_transcript.done, content_part.done, output_item.done,
  response.done, and then conversation.item.truncated when auto_truncate asks for it. Heard audio is
  counted in real time from the first audio delta, one response after the other. The final events
  contain everything that was sent, also of an item that was truncated or deleted meanwhile; the
  item itself stays truncated.
* Token counts are estimates. The cached tokens are the beginning that an input shares with the one
  before it. rate_limits.updated follows every response.done and never limits anything.

Tools

* Without a script a function is called only when tool_choice forces it: the named one or, for
  "required", the first (without functions, the first tool that an MCP server listed), with the
  fewest arguments that its schema accepts. A choice that cannot be met is invalid_value; a response
  of turn detection fails then.
* When a script calls a tool that the client does not offer, the response fails. A call that was cut
  off still sends the `.done` of its arguments, with the part that was sent.
* For MCP, see mcp.py.
"""
