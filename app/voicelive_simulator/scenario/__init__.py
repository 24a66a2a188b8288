r"""Scenarios: TOML files that say what the assistant says, hears and calls. `--scenario NAME` or
`--scenario FILE.toml`.

A file has settings, and [[turn]] entries. For each response the first entry wins whose conditions
all hold; what no entry matches gets the simulator's honest sound-check answer. Texts and patterns
are compared without regard to case. All that is wrong with a file is told at once (ScenarioError),
with lines and cures.

Settings, all optional
  name, description   shown to people; the name is the file's unless given
  seed                a whole number: identifiers, jitter and all else that is random are then the
                      same in every run
  clock               when every session begins, as 2026-01-01T09:00:00Z: `expires_at` counts from
                      it. With a seed and a clock two runs with the same client give the same bytes
  voice               "tone", which sounds the same on every machine, or "espeak"; the best that is
                      there unless given
  first_delta_ms      from response.created to the first delta (300)
  pace                how many times faster than it plays audio is sent (5.0)
  delta_ms            of audio in one delta (200)
  jitter_ms           each delta is up to so much late (0)
  [[fault]]           armed from the start, those of the handshake too. Keys as in `--fault`: fault,
                      on, after, times, ...

[[turn]]: conditions
  turn                the number of the user's turn: 2, "2-4", "3-", or a list of these; from 1 on
                      unless given. 0 is a response before anybody said anything: a greeting
  text                a part of what they said or typed; of a list, any
  text_regex          a regular expression (Python's) found in its first 10000 characters; its named
                      groups, as (?P<city>\w+), become places: {city}. Repeat no repetition, as
                      (a+)+ does: on some texts that takes for ever, and every session waits with it
  spoken              true for spoken turns, false for typed ones
  min_speech_ms, max_speech_ms
                      how much speech was measured in a spoken turn
  tool                the tool whose output came last; of a list, any
  output, output_regex
                      of its output, as text and text_regex of the turn; output = "" is any. An MCP
                      call that failed gives its error's message, one that was denied "The call was
                      not approved." and the reason. An entry without tool, output and output_regex
                      never answers a tool's output
  session             the number of the session since the server's start or last reset, in the
                      forms of `turn`
  model               the model that the client asked for; of a list, any
  times               how often the entry may match in one session; any number unless given

[[turn]]: what is heard, once for each spoken turn. The first entry with one of these keys wins
whose conditions hold; they cannot be about text and tool, which are not known yet
  hears               the transcript; of a list one after the other, then from the first again
  unfinished          true: the sentence is not complete, and end-of-utterance detection
                      waits for the rest
  transcription_error the message of a transcription that fails
                      An entry may answer what it heard; for `times` the two together count once

[[turn]]: what the assistant does
  says                a text, or a list that is said one after the other and then from the first
                      again. Places are filled: {text}, {turn}, {tool}, {output}, {output.a.b} for a
                      part of an output that is JSON, and named groups. A place without a value
                      stays as it is written; {{ and }} are braces; "" says nothing
  calls               after the words: [{name = "get_weather", arguments = {city = "{city}"}}].
                      `arguments` is a table, or a text that is sent as it stands, also when it is
                      no JSON; `server_label`: a call of an MCP server's tool The response fails
                      when the session has no such tool
  status              "completed", "incomplete" or "failed"
  reason              of an incomplete one: "max_output_tokens" or "content_filter"
  error               of a failed one: {code = "...", message = "..."}
  first_delta_ms, pace, delta_ms, jitter_ms
                      for this response
  fault, faults       strike from this response on: a text as for `--fault`, a table, or a list
                      of them
                      Without `says` an entry that calls or fails says nothing; any other gives the
                      honest answer

[[mcp_server]]        stands in for the server of a session's mcp tool with this server_label:
                      label, error (fails its listing)
[[mcp_server.tool]]   name, description, input_schema (a table), output (a text, or a table: JSON),
                      error (fails the call)
"""
