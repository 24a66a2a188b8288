"""Whatever a client sends, in any order: no crash, every response ends once, no event for an item that is not there."""

import base64
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voicelive_tui.simulator.api.client_events import HANDLED, NOT_SIMULATED

from tests.support.simulator_talk import Talk, user
from tests.support.speech_like import pcm16, silence, speech_like

SOUNDS = (
    pcm16(speech_like(0.5)),
    pcm16(silence(0.7)),
    pcm16(silence(0.3), speech_like(0.4), silence(0.8), speech_like(0.3)),
    b"\0" * 10,
)
Step = tuple[str, dict[str, Any] | float]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 100_000) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
detections = st.none() | st.fixed_dictionaries(
    {"type": st.sampled_from(["server_vad", "azure_semantic_vad", "nonsense"])},
    optional={
        "interrupt_response": st.booleans(),
        "create_response": st.booleans(),
        "auto_truncate": st.booleans(),
        "silence_duration_ms": st.integers(-1, 600),
        "prefix_padding_ms": st.integers(0, 500),
    },
)
sessions = st.fixed_dictionaries(
    {},
    optional={
        "turn_detection": detections,
        "modalities": st.sampled_from([["text"], ["text", "audio"], ["audio"]]),
        "input_audio_format": st.sampled_from(["pcm16", "g711_ulaw", "mp3"]),
        "input_audio_sampling_rate": st.sampled_from([8000, 24000, 44100, 1]),
        "output_audio_timestamp_types": st.sampled_from([None, ["word"]]),
        "surprise": json_values,
    },
)
responses = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "modalities": st.sampled_from([["text"], ["text", "audio"]]),
        "cancel_previous": st.booleans(),
        "conversation": st.sampled_from(["none", "auto", "x"]),
        "max_output_tokens": st.integers(0, 50),
        "input_items": st.lists(st.just(user("hello you")), max_size=2),
    },
)
items = st.sampled_from(["item_a", "item_b", "root", "item_none"])
steps: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("wait"), st.floats(0, 8)),
    st.tuples(st.just("input_audio_buffer.append"), st.sampled_from([{"audio": base64.b64encode(s).decode()} for s in SOUNDS])),
    st.tuples(st.just("session.update"), st.fixed_dictionaries({"session": sessions})),
    st.tuples(st.just("response.create"), st.fixed_dictionaries({"response": responses})),
    st.tuples(st.sampled_from(["response.cancel", "input_audio_buffer.commit", "input_audio_buffer.clear"]), st.just({})),
    st.tuples(
        st.just("conversation.item.create"),
        st.fixed_dictionaries({"item": items.map(lambda i: {**user("one two"), "id": i})}, optional={"previous_item_id": items}),
    ),
    st.tuples(
        st.sampled_from(["conversation.item.delete", "conversation.item.retrieve", "conversation.item.truncate"]),
        st.fixed_dictionaries(
            {"item_id": items | st.just("last")}, optional={"content_index": st.just(0), "audio_end_ms": st.integers(0, 9000)}
        ),
    ),
    st.tuples(
        st.sampled_from([*HANDLED, *NOT_SIMULATED, "nonsense"]),
        st.dictionaries(
            st.sampled_from(["item", "item_id", "session", "response", "audio", "previous_item_id"]), json_values, max_size=3
        ),
    ),
)


def carry_out(talk: Talk, step: Step) -> None:
    kind, fields = step
    if isinstance(fields, float):
        talk.wait(fields)
        return
    if fields.get("item_id") == "last":
        known = [e["item"]["id"] for e in talk.events if e["type"] == "conversation.item.created"]
        fields = {**fields, "item_id": known[-1] if known else "item_none"}
    talk.say(kind, **fields)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["gpt-4o", "gpt-realtime"]), st.lists(steps, max_size=25))
def test_a_session_keeps_its_promises(model: str, script: list[Step]) -> None:
    talk = Talk(model)
    for step in script:
        carry_out(talk, step)
    talk.wait(120.0)

    created = Counter(e["response"]["id"] for e in talk.events if e["type"] == "response.created")
    done = Counter(e["response"]["id"] for e in talk.events if e["type"] == "response.done")
    assert created == done and all(count == 1 for count in done.values())

    ledger = Ledger()
    for event in talk.events:
        ledger.check(event)


class Ledger:
    """What a client knows that believes every event: the conversation's order, and the response that runs."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.committed: list[str] = []
        self.running = ""
        self.said = ""
        self.audio_bytes = 0

    def check(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "input_audio_buffer.committed":
                assert event["previous_item_id"] == self.last
                self.committed.append(event["item_id"])
            case "conversation.item.input_audio_transcription.completed":
                assert event["item_id"] in self.committed
            case "conversation.item.created":
                self.insert(event["item"], event["previous_item_id"])
            case "conversation.item.deleted":
                self.order.remove(event["item_id"])
            case "conversation.item.truncated":
                assert event["item_id"] in self.order
            case "conversation.item.retrieved":
                assert event["item"]["id"] in self.order
            case kind if kind.startswith("response."):
                self.check_response(event)

    @property
    def last(self) -> str | None:
        return self.order[-1] if self.order else None

    def insert(self, item: dict[str, Any], previous: str | None) -> None:
        assert item["id"] not in self.order
        if item.get("role") == "assistant" or item["id"] in self.committed:
            assert previous == self.last, "what the service adds comes last"
        self.order.insert(0 if previous is None else self.order.index(previous) + 1, item["id"])

    def check_response(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "response.created":
                assert not self.running
                self.running, self.said, self.audio_bytes = event["response"]["id"], "", 0
                return
            case "response.done":
                self.check_done(event["response"])
                return
            case "response.audio.delta":
                self.audio_bytes += len(base64.b64decode(event["delta"]))
            case "response.text.delta" | "response.audio_transcript.delta":
                self.said += event["delta"]
        assert event["response_id"] == self.running

    def check_done(self, response: dict[str, Any]) -> None:
        assert response["id"] == self.running
        self.running = ""
        parts = [part for item in response["output"] for part in item["content"]]
        assert "".join(part.get("text") or part.get("transcript") or "" for part in parts) == self.said
        spent = response["usage"]["output_token_details"]
        assert spent["text_tokens"] == -(-len(self.said) // 4)
        assert spent["audio_tokens"] == -(-self.audio_bytes // 48 // 50)
