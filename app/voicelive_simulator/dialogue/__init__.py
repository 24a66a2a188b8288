"""The conversation, sans I/O: the user's turns, the assistant's responses, items, tools, and the
session clock.

What it decides where the documents are silent or contradict one another:

Audio and time
* Session time is the wall's, and audio that comes faster than it plays takes it along; it waits for
  the voice. Audio up to 1 s late continues what came before it. After a longer pause a chunk of up
  to 1 s was recorded until now, and a longer one is a file that begins now.
* A turn under way when detection is switched off stays in the buffer, and its item takes the
  announced id when a commit comes. Speech under way when detection is switched on begins a turn
  there.
* A sentence that a script calls unfinished waits once for the end-of-utterance timeout, or in
  semantic_vad until 8, 4 or 2 s of silence (low, medium or auto, high); speech_stopped comes when
  the turn really ends. Without a script every sentence is finished.
* While the assistant is heard, speech_duration_assistant_speaking_ms of speech begin a turn.
  remove_filler_words acts then, with a script only: a filler of less than 0.8 s is no turn.
* With `interrupt_response: false` the answer to a turn waits for the end of the running response.

Transcripts
* A cascaded model's transcript comes before the item, a native model's 0.2 s after the commit, of a
  gpt-4o recogniser in deltas; they say what a script says, or what was measured. A turn is one
  phrase; its words' times are an estimate by their length. logprobs are 0.0, and for a script's
  words only.

Items
* Retrieved audio is null, as in every other event: it was not kept. An id that was announced is
  taken.
* The output of a call that nobody made is refused (invalid_tool_call_id), as by OpenAI.
* The first input_text.delta of a new id opens a text, content_index counts its parts in order, and
  the message appears when all parts are done. 16 texts can be open, each of 1 Mi characters.

Responses
* response.create while a response runs is an error, unless it says `cancel_previous: true`. It is
  checked for its values, whether they fit model and tools, a full conversation, its items, and a
  running response, in this order; a refused one cancels nothing.
* Out-of-band responses (`conversation: "none"` or `commit: false`) run beside the conversation's,
  eight at most. They are not thought to be played, and barge-in leaves them alone.
* The first delta comes 0.3 s after response.created and 200 ms of audio every 40 ms, unless a
  script says otherwise; each comes after the words and visemes that begin in it. Word times and
  visemes are for Azure's voices only.
* A response cancelled before its first delta has no item. Unless a response completes, its last
  item is incomplete. Tokens that run out end it as incomplete, whatever a script wants.
* An interruption sends audio.done, audio_transcript.done, content_part.done, output_item.done,
  response.done, and then conversation.item.truncated when auto_truncate asks for it. What was heard
  counts in real time from the first audio delta, one answer after the other. The ending tells what
  was sent, also of an item truncated or deleted meanwhile, which stays cut.
* Tokens are estimates. Cached is the beginning that an input shares with the one before it.
  rate_limits.updated follows every response.done and never limits.

Tools
* Without a script a function is called only when tool_choice forces it: the named one, or for
  "required" the first (without functions the first tool that an MCP server listed), with the least
  arguments that its schema takes. A choice that cannot be met is invalid_value; turn detection's
  own response fails then.
* A script's call of a tool that the client does not offer fails the response. A call that was cut
  still sends its arguments' `.done`, with what there is of them.
* About MCP, see mcp.py.
"""
