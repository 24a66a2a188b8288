"""Hypothesis strategies for everything that a client may send and a voice may do, and how a
ConversationDriver carries it out. Most of it is valid, so that sessions get somewhere: purely
random input would be refused at once."""

import base64
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from voicelive_simulator.api.client_events import CLIENT_EVENTS, NOT_SIMULATED
from voicelive_simulator.api.handshake import API_VERSIONS

from tests.simulator.support.conversation_driver import JSON, ConversationDriver, user
from tests.simulator.support.mcp_conversation import SCRIPTED
from tests.simulator.support.script_strategies import hearing, replies
from tests.simulator.support.scripted_replies import Replies, function
from tests.support.speech_like import pcm16, silence, speech_like

Step = tuple[str, Any]
# By names, so that hypothesis prints short examples.
SOUNDS = {
    name: base64.b64encode(sound).decode()
    for name, sound in {
        "a word": pcm16(speech_like(0.5)),
        "a pause": pcm16(silence(0.7)),
        "two words": pcm16(silence(0.3), speech_like(0.4), silence(0.8), speech_like(0.3)),
        "a sentence": pcm16(speech_like(0.6), silence(1.0)),
        "a long sentence": pcm16(
            silence(0.3), speech_like(1.2), silence(0.4), speech_like(0.6), silence(2.5)
        ),
        "next to nothing": b"\0" * 10,
        "half a sample": b"\0" * 7,
    }.items()
}
A_BLOCK = base64.b64encode(bytes(960)).decode()
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 100_000)
    | st.floats(allow_nan=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)


def some_of(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[JSON]:
    """Only a few of the fields: with many of them one would nearly always be wrong."""
    pairs = [st.tuples(st.just(name), values) for name, values in fields.items()]
    return st.lists(st.one_of(pairs), max_size=3).map(dict)


detections = st.none() | st.fixed_dictionaries(
    {"type": st.sampled_from(["server_vad", "azure_semantic_vad"])},
    optional={
        "interrupt_response": st.booleans(),
        "create_response": st.booleans(),
        "auto_truncate": st.booleans(),
        "silence_duration_ms": st.integers(0, 600),
        "prefix_padding_ms": st.integers(0, 500),
        "remove_filler_words": st.booleans(),
        "appended_text_after_truncation": st.just(" [cut]"),
        "speech_duration_assistant_speaking_ms": st.sampled_from([0, 300, 5000]),
        "end_of_utterance_detection": st.sampled_from(
            [None, {"model": "semantic_detection_v1", "timeout_ms": 700}]
        ),
    },
)


RULES: tuple[Any, ...] = ("never", "never", "always", {"never": ["add"]})
BUILT_IN = "http://127.0.0.1:1/simulator/mcp"


def server(label: str, approval: Any, **fields: Any) -> JSON:
    return {
        "type": "mcp",
        "server_label": label,
        "server_url": BUILT_IN,
        "require_approval": approval,
        **fields,
    }


servers = st.builds(
    server,
    st.sampled_from(["own", "desk", "broken"]),
    st.sampled_from(RULES),
    allowed_tools=st.sampled_from([None, [], ["add", "look"]]),
    server_url=st.sampled_from([BUILT_IN, "https://nowhere.example/mcp"]),
)
functions = [function("f"), function("g", {"type": "object", "required": ["x"]})]
tools = st.sampled_from([[], functions]) | st.lists(
    servers, max_size=3, unique_by=lambda one: str(one["server_label"])
).map(lambda mcp: [*functions, *mcp])
tool_choices = st.sampled_from(["auto", "none", "required", "f", {"type": "function", "name": "g"}])
animations = st.sampled_from([None, {"outputs": ["viseme_id", "blendshapes"]}])
voices = st.sampled_from(
    [
        {"type": "azure-standard", "name": "en-US-AvaNeural"},
        {"type": "openai", "name": "alloy"},
        "cedar",
    ]
)
INCLUDED = ["item.input_audio_transcription.logprobs", "item.input_audio_transcription.phrases"]
ECHO = {"type": "server_echo_cancellation"}
sessions = some_of(
    {
        "turn_detection": detections,
        "modalities": st.sampled_from([["text"], ["text", "audio"]]),
        "voice": voices,
        "instructions": st.text(max_size=5),
        "input_audio_format": st.sampled_from(["pcm16", "pcm16", "g711_ulaw"]),
        "input_audio_sampling_rate": st.sampled_from([8000, 24000, 44100]),
        "input_audio_transcription": st.sampled_from(
            [None, {"model": "gpt-4o-transcribe"}, {"model": "mai-transcribe-1"}]
        ),
        "input_audio_echo_cancellation": st.sampled_from(
            [None, ECHO, {**ECHO, "reference_source": "client", "channels": 2}]
        ),
        "output_audio_format": st.sampled_from(["pcm16", "g711_ulaw", "pcm16_22050hz"]),
        "output_audio_timestamp_types": st.sampled_from([None, ["word"]]),
        "max_response_output_tokens": st.sampled_from(["inf", 4096, 20]),
        "include": st.sampled_from([None, INCLUDED]),
        "tools": tools,
        "tool_choice": tool_choices,
        "parallel_tool_calls": st.booleans(),
        "animation": animations,
        "surprise": json_values,
    }
)
wrong_sessions = some_of(
    {
        "turn_detection": st.just({"type": "semantic_vad", "eagerness": "high"})
        | json_values,  # right for a native model
        "modalities": st.just(["audio"]) | json_values,
        "input_audio_sampling_rate": st.integers(),
        "tools": st.just([{"type": "function"}]) | json_values,
        "instructions": st.none() | st.text(max_size=5),
        "turn": json_values,
    }
)
typed_items: st.SearchStrategy[JSON] = st.one_of(
    st.just(user("one two")),
    st.just(
        {"type": "message", "role": "user", "content": [{"type": "input_audio", "audio": A_BLOCK}]}
    ),
    st.just(
        {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "as I said"}]}
    ),
    st.just({"type": "function_call", "name": "f", "call_id": "call_1", "arguments": "{}"}),
    st.just({"type": "function_call_output", "call_id": "call_1", "output": "rain"}),
    st.just({"type": "function_call_output", "call_id": "last", "output": "sunny"}),
    st.booleans().map(
        lambda yes: {"type": "mcp_approval_response", "approval_request_id": "last", "approve": yes}
    ),
)
answers = st.sampled_from(
    [
        {"type": "function_call_output", "call_id": "last", "output": "sunny"},
        {"type": "mcp_approval_response", "approval_request_id": "last", "approve": True},
    ]
)
responses = st.none() | some_of(
    {
        "modalities": st.sampled_from([["text"], ["text", "audio"]]),
        "cancel_previous": st.booleans(),
        "commit": st.booleans(),
        "conversation": st.sampled_from(["none", "auto"]),
        "max_output_tokens": st.integers(0, 200),
        "input_items": st.lists(st.just(user("hello you")), max_size=2),
        "append_input_items": st.lists(typed_items, max_size=2),
        "pre_generated_assistant_message": st.just(
            {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "text", "text": "Good day to you."}],
            }
        ),
        "metadata": st.just({"a": "b"}),
        "voice": voices,
        "tools": tools,
        "tool_choice": tool_choices,
        "output_audio_format": st.sampled_from(["pcm16", "g711_ulaw", "pcm16_22050hz"]),
        "animation": animations,
    }
)
items = st.sampled_from(["item_a", "item_b", "root", "item_none"])
talks: st.SearchStrategy[Step] = st.one_of(
    st.just(("wait", 0.4)),
    st.tuples(st.just("wait"), st.sampled_from([0.05, 0.4, 1.0, 3.0, 20.0]) | st.floats(0, 8)),
    st.tuples(
        st.just("input_audio_buffer.append"),
        st.sampled_from(list(SOUNDS)).map(lambda sound: {"audio": sound}),
    ),
    st.tuples(st.just("response.create"), st.fixed_dictionaries({"response": responses})),
)
steps: st.SearchStrategy[Step] = st.one_of(
    talks,
    talks,
    talks,
    talks,
    talks,
    talks,
    st.tuples(st.just("voice"), st.sampled_from(["hold", "release", "fail"])),
    st.tuples(
        st.just("session.update"),
        st.fixed_dictionaries({"session": sessions | sessions | wrong_sessions}),
    ),
    st.tuples(
        st.sampled_from(
            ["response.cancel", "input_audio_buffer.commit", "input_audio_buffer.clear"]
        ),
        st.just({}),
    ),
    st.tuples(st.just("response.cancel"), st.just({"response_id": "last"})),
    st.tuples(
        st.just("conversation.item.create"),
        st.fixed_dictionaries(
            {
                "item": st.tuples(typed_items, items).map(lambda both: {**both[0], "id": both[1]})
                | typed_items
            },
            optional={"previous_item_id": items},
        ),
    ),
    st.tuples(
        st.sampled_from(
            ["conversation.item.delete", "conversation.item.retrieve", "conversation.item.truncate"]
        ),
        st.fixed_dictionaries(
            {"item_id": items | st.sampled_from(["last", "last", "spoken"])},
            optional={"content_index": st.just(0), "audio_end_ms": st.integers(0, 9000)},
        ),
    ),
    st.tuples(
        st.sampled_from(["input_text.delta", "input_text.delta", "input_text.done"]),
        st.fixed_dictionaries(
            {"id": items},
            optional={"delta": st.text(max_size=8), "content_index": st.integers(-1, 2)},
        ),
    ),
    st.tuples(
        st.sampled_from([*CLIENT_EVENTS, *NOT_SIMULATED, "nonsense", "garbage"]),
        st.dictionaries(
            st.sampled_from(
                ["item", "item_id", "session", "response", "audio", "previous_item_id"]
            ),
            json_values,
            max_size=3,
        ),
    ),
    st.tuples(st.just("conversation.item.create"), st.fixed_dictionaries({"item": answers})),
)


def _said(sound: str) -> Step:
    return ("input_audio_buffer.append", {"audio": sound})


ASK: Step = ("response.create", {})
APPROVE: Step = (
    "conversation.item.create",
    {"item": {"type": "mcp_approval_response", "approval_request_id": "last", "approve": True}},
)
OUTPUT: Step = (
    "conversation.item.create",
    {"item": {"type": "function_call_output", "call_id": "last", "output": "sunny"}},
)
# What users do, in the usual order; anything may come between.
scenes: st.SearchStrategy[list[Step]] = st.sampled_from(
    [
        [_said("a sentence"), ("wait", 1.0)],
        [_said("a sentence"), ("wait", 20.0)],
        [_said("a sentence"), ("wait", 1.0), _said("a word"), ("wait", 2.0)],
        [_said("a sentence"), ("wait", 1.0), _said("a sentence"), ("wait", 1.0)],
        [_said("a long sentence"), ("wait", 0.4)],
        [
            (
                "session.update",
                {"session": {"input_audio_transcription": {"model": "gpt-4o-transcribe"}}},
            )
        ],
        [
            (
                "session.update",
                {
                    "session": {
                        "turn_detection": {"type": "azure_semantic_vad", "auto_truncate": True}
                    }
                },
            )
        ],
        [ASK, ("wait", 20.0)],
        [ASK, ("wait", 0.4), ("response.cancel", {})],
        [ASK, ("wait", 20.0), APPROVE, ("wait", 1.0)],
        [ASK, ("wait", 20.0), OUTPUT, ASK],
        [
            ASK,
            ("wait", 5.0),
            (
                "conversation.item.truncate",
                {"item_id": "spoken", "content_index": 0, "audio_end_ms": 300},
            ),
        ],
        [
            ("session.update", {"session": {"turn_detection": None}}),
            _said("a word"),
            ("input_audio_buffer.commit", {}),
            ASK,
        ],
        [
            ("input_text.delta", {"id": "item_a", "delta": "typed"}),
            ("input_text.done", {"id": "item_a"}),
            ASK,
        ],
        [("voice", "hold"), ASK, ("wait", 1.0), _said("a long sentence"), ("voice", "release")],
    ]
)


# A session with everything that can be called, heard and shown.
equipped = st.builds(
    lambda rules, rest: {"tools": [*functions, *(server(*rule) for rule in rules)], **rest},
    st.tuples(*(st.tuples(st.just(label), st.sampled_from(RULES)) for label in ("own", "desk"))),
    st.fixed_dictionaries(
        {},
        optional={
            "turn_detection": detections,
            "modalities": st.just(["text"]),
            "input_audio_transcription": st.just({"model": "mai-transcribe-1"}),
            "include": st.just(INCLUDED),
            "output_audio_timestamp_types": st.just(["word"]),
            "animation": st.just({"outputs": ["viseme_id"]}),
            "voice": st.just({"type": "azure-standard", "name": "en-US-AvaNeural"}),
        },
    ),
)


@dataclass(frozen=True)
class Course:
    """A session, beginning with its handshake."""

    api_version: str
    model: str
    script: Replies
    session: JSON
    steps: list[Step]


courses = st.builds(
    Course,
    st.sampled_from([*[API_VERSIONS[-1]] * len(API_VERSIONS), *API_VERSIONS]),
    st.sampled_from(["gpt-4o", "gpt-realtime"]),
    st.tuples(st.lists(replies, min_size=2, max_size=8), st.lists(hearing, max_size=5)).map(
        lambda both: Replies(*both[0], hearing=both[1], servers=SCRIPTED)
    ),
    st.one_of(equipped, equipped, equipped, equipped, sessions),
    st.lists(scenes | steps.map(lambda step: [step]), min_size=6, max_size=20).map(
        lambda parts: [s for part in parts for s in part]
    ),
)


def resolved(fields: JSON, events: list[JSON]) -> JSON:
    """A client event's fields, with audio in place of its name, and ids in place of "last" and
    "spoken"."""
    if isinstance(fields.get("audio"), str):
        fields = {**fields, "audio": SOUNDS.get(fields["audio"], fields["audio"])}
    made = [e["item"] for e in events if e["type"] == "conversation.item.created"]
    spoken = [item["id"] for item in made if item.get("role") == "assistant"]
    known = {
        ("item_id", "last"): [item["id"] for item in made],
        ("item_id", "spoken"): spoken,
        ("response_id", "last"): [
            e["response"]["id"] for e in events if e["type"] == "response.created"
        ],
        ("call_id", "last"): [
            e["call_id"] for e in events if e["type"] == "response.function_call_arguments.done"
        ],
        ("approval_request_id", "last"): [
            item["id"] for item in made if item["type"] == "mcp_approval_request"
        ],
    }
    for (name, word), ids in known.items():
        if fields.get(name) == word:
            fields = {**fields, name: ids[-1] if ids else "none"}
    inner = fields.get("item")
    return {**fields, "item": resolved(inner, events)} if isinstance(inner, dict) else fields


def move_voice(driver: ConversationDriver, how: str) -> None:
    """The voice is slow, delivers, or fails."""
    driver.hold_voice = how == "hold"
    if driver.renders and how == "fail":
        driver.fail_voice()
    while driver.renders and how == "release":
        driver.release_voice()
