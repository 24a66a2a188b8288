"""A Voice Live service on loopback: a second, independent implementation of the API that shares no
code with the client.

    api         the handshake, the tables of events and fields, and their checks
    sound       voice activity and measurement of the input, voices and rendering of the output
    dialogue    the conversation: turns, responses, items, tools, and the session clock
    scenario    what the assistant hears, says and calls, from a TOML file
    replay      a recorded session served again
    faults      named faults, and where they strike
    service     sockets, TLS, sessions and the control path

Each package's docstring lists the decisions made where protocol.md is silent or contradicts itself.

Accepted, checked and echoed, but without effect: temperature, reasoning_effort, interim_response,
invoke_input, metadata, the avatar, the modalities avatar and animation, blendshapes, a voice's
style, locale, temperature, lexicon and endpoint, noise reduction, echo cancellation without the
client's reference, the model and threshold of end-of-utterance detection, `languages`, the
recogniser's prompt, phrase list and custom models, and the VAD parameters of the first preview.
Instructions count as tokens only.

Not implemented: a language model, the avatar, blendshapes, web and file search, Foundry agents'
calls, hosted agents, WebRTC, and `v1`.

What a client can make a session hold is bounded: audio is measured and discarded; a conversation
has at most 2000 items that clients added, with 32 million characters; a response has at most 4000
spoken characters; at most one client frame is queued.
"""
