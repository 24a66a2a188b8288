r"""Scenarios: TOML files that define what the assistant says, hears and calls. `--scenario NAME` or
`--scenario FILE.toml`.

A file has settings and [[turn]] entries. Each response uses the first entry whose conditions all
hold; when no entry matches, the simulator answers with its sound check. Texts and patterns are
compared without regard to case. All problems of a file are reported together (ScenarioError), with
their lines and remedies.

Settings, all optional
  name, description   shown to users; without a name, the file's is used
  seed                a whole number: identifiers, jitter and everything else that is random are
                      then the same in every run
  clock               when every session begins, such as 2026-01-01T09:00:00Z: `expires_at` counts
                      from it. With a seed and a clock, two runs with the same client give the same
                      bytes
  voice               "tone", which sounds the same on every machine, or "espeak"; the default is
                      the best voice that is installed
  first_delta_ms      from response.created to the first delta (300)
  pace                how many times faster than it plays audio is sent (5.0)
  delta_ms            of audio in one delta (200)
  jitter_ms           the most by which a delta is late (0)
  [[fault]]           armed from the start; faults of the handshake are allowed here. Keys as in
                      `--fault`: fault, on, after, times, ...

[[turn]]: conditions
  turn                the number of the user's turn: 2, "2-4", "3-", or a list of these; the
                      default is 1 and above. 0 is a response before the user said anything: a
                      greeting
  text                a part of what the user said or typed; of a list, one must match
  text_regex          a regular expression (Python's) that is found in its first 10000 characters;
                      its named groups, as (?P<city>\w+), become placeholders: {city}. Do not nest
                      repetitions, as in (a+)+: on some texts that takes for ever, and blocks every
                      session
  spoken              true for spoken turns, false for typed ones
  min_speech_ms, max_speech_ms
                      how much speech was measured in a spoken turn
  tool                the tool whose output came last; of a list, one must match
  output, output_regex
                      the same as text and text_regex, for the tool's output; output = "" matches
                      any. An MCP call that failed gives its error's message, a denied one "The call
                      was not approved." and the reason. An entry without tool, output and
                      output_regex never answers a tool's output
  earlier_regex       a regular expression that is found in an earlier item of the conversation: a
                      message or a tool's output, whether it was said in this session or the client
                      created it. The latest one that matches counts; its named groups become
                      placeholders
  earlier_role        where earlier_regex is searched: "user", "assistant", "system" or "tool"
  session             the number of the session since the server's start or last reset, in the
                      forms of `turn`
  model               the model that the client requested; of a list, one must match
  times               how often the entry may match in one session; the default is any number

[[turn]]: what is heard, once for each spoken turn. Of the entries with one of these keys, the first
whose conditions hold is used; its conditions must not be about text and tool, which are not known
yet
  hears               the transcript; texts of a list are used in turn, then from the first again
  unfinished          true: the sentence is not complete, and end-of-utterance detection waits for
                      the rest
  transcription_error the message of a transcription that fails
                      An entry may answer what it heard; for `times` the two together count once

[[turn]]: what the assistant does
  says                a text; the texts of a list are said in turn, then from the first again.
                      Placeholders are filled: {text}, {turn}, {tool}, {output}, {output.a.b} for a
                      part of an output that is JSON, and named groups. One without a value stays
                      as it is written; {{ and }} are braces; "" says nothing
  calls               after the words: [{name = "get_weather", arguments = {city = "{city}"}}].
                      `arguments` is a table, or a text that is sent unchanged, even if it is not
                      JSON; with `server_label` it is a call of an MCP server's tool. The response
                      fails when the session has no such tool
  status              "completed", "incomplete" or "failed"
  reason              of an incomplete response: "max_output_tokens" or "content_filter"
  error               of a failed response: {code = "...", message = "..."}
  first_delta_ms, pace, delta_ms, jitter_ms
                      for this response
  fault, faults       strike from this response on: a text as for `--fault`, a table, or a list
                      of them
                      Without `says`, an entry that calls or fails says nothing; any other gives
                      the sound check

[[mcp_server]]        stands for the server of a session's mcp tool with this server_label:
                      label, error (fails its listing)
[[mcp_server.tool]]   name, description, input_schema (a table), output (a text, or a table: JSON),
                      error (fails the call)
"""
