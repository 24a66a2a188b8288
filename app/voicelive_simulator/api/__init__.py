"""The simulator's reading of the API: the handshake, the checks and tables of fields, identifiers.
It contains neither sound nor conversation.

What it decides where the documents are silent or contradict one another:

* A field that an api-version does not have is unknown there, as any other: it is left out and named
  in a `warning` event (before 2026-04-10, which has no such event, only in the simulator's log and
  journal). Where protocol.md names only an SDK version, the field exists everywhere.
* Bad values are `invalid_request_error`s with OpenAI's codes, and change nothing. What the
  simulator lacks is a `server_error`.
* What only OpenAI's native models take (their voices, semantic_vad, near_field, far_field, their
  recognisers) is a bad value for every other model; interim responses need a cascaded model or an
  agent. `temperature` is 0 to 1.2, the union of both documents.
* Agent mode and the model azure-realtime begin with 2026-01-01-preview. `v1` is refused with a
  sentence: its names are others.
* Two channels of input without `features=client_ec_reference:true`, and azure-speech on a native
  model, are taken with a warning.
* `null` for a field that can be switched off is a value. `model` in a session.update must be the
  URL's, and the voice is final once audio was sent, the echo canceller's channels once audio was
  received.
* Older spellings are taken and shown as the present ones: `interim-response` and its types,
  `server_sd`, `mai-transcribe`.
* Recognisers are a closed list, models and Azure voices an open one. `require_approval` is "always"
  unless given; a `tool_choice` must name a tool that is there. `foundry_agent` tools are echoed and
  never called.
* Credentials of MCP and ICE servers are not kept: they are shown as `[hidden]`.
  `x-ms-client-request-id` is ignored.
"""
