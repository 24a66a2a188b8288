"""Faults of single frames and events, as a raw client sees them."""

import asyncio
import base64
import binascii
import json
import time

import pytest
from voicelive_simulator.faults.catalogue import parse_fault_text

from tests.simulator.support.voice_live_contract import sdk_differences
from tests.simulator.support.websocket_frames import BINARY, CONTINUATION, TEXT
from tests.simulator.support.wire_peer import Frame, WirePeer, unkind, wire_peer
from tests.support.deadlines import DEADLINE_S


async def struck(fault: str, frames: int = 1) -> list[Frame]:
    """The frames in place of session.updated, up to that many; then checks that the session goes on
    as usual."""
    name, colon, params = fault.partition(":")
    spec = f"{name}:{params + ',' if colon else ''}on=session.updated"
    async with unkind(spec) as simulator, wire_peer(simulator.url) as client:
        assert (await client.frame()).kind == "session.created"
        client.update()
        seen = await client.frames(frames)
        client.update()
        assert (await client.frame()).kind == "session.updated"
        [session] = simulator.host.sessions.alive()
        assert session.record.faults_applied == 1
        return seen


@pytest.mark.parametrize("how", ["cut", "comma", "nan", "two", "empty"])
async def test_malformed_json_is_none(how: str) -> None:
    [frame] = await struck(f"malformed-json:how={how}")
    assert frame.opcode == TEXT

    def refuse(name: str) -> None:
        raise ValueError(name)

    with pytest.raises(ValueError):
        json.loads(frame.payload.decode(), parse_constant=refuse)


async def test_malformed_json_that_is_no_object() -> None:
    [frame] = await struck("malformed-json:how=null")
    assert frame.payload == b"null"


async def test_bad_utf8_is_in_a_text_frame() -> None:
    [frame] = await struck("bad-utf8:hex=c328")
    assert frame.opcode == TEXT
    with pytest.raises(UnicodeDecodeError):
        frame.payload.decode()
    assert json.loads(frame.payload.decode("utf-8", "replace"))["type"] == "session.updated"


async def test_binary_frame_with_the_events_json() -> None:
    [frame] = await struck("binary-frame")
    assert (frame.opcode, frame.kind) == (BINARY, "session.updated")


async def test_binary_frame_of_random_bytes_comes_before_the_event() -> None:
    frame, event = await struck("binary-frame:how=random,size_bytes=300,seed=7", 2)
    assert (frame.opcode, len(frame.payload), event.kind) == (BINARY, 300, "session.updated")
    assert (await struck("binary-frame:how=random,size_bytes=300,seed=7", 2))[0] == frame


async def test_fragments_make_one_message() -> None:
    frames = await struck("fragments:pieces=4", 4)
    assert [(frame.opcode, frame.final) for frame in frames] == [
        (TEXT, False),
        *[(CONTINUATION, False)] * 2,
        (CONTINUATION, True),
    ]
    assert json.loads(b"".join(frame.payload for frame in frames))["type"] == "session.updated"


@pytest.mark.parametrize("size_mb", [1, 4.5, 17])
async def test_giant_frame_pads_the_event(size_mb: float) -> None:
    [frame] = await struck(f"giant-frame:size_mb={size_mb}")
    assert len(frame.payload) == size_mb * 2**20
    assert frame.kind == "session.updated"


async def test_giant_frame_of_a_type_of_its_own() -> None:
    giant, event = await struck("giant-frame:size_mb=1,type=response.image.delta", 2)
    assert (len(giant.payload), giant.kind, event.kind) == (
        2**20,
        "response.image.delta",
        "session.updated",
    )


async def test_unknown_event_comes_before_the_one_that_passes() -> None:
    unknown, event = await struck("unknown-event", 2)
    assert (unknown.kind, event.kind) == ("simulator.unknown_event", "session.updated")
    assert unknown.json["event_id"] != event.json["event_id"]


async def test_unknown_event_to_the_letter() -> None:
    raw = '{"type": "response.audio.delta",  "delta": 7, "list": [1, 2]}'
    given, _ = await struck(f"unknown-event:json={raw}", 2)
    assert given.payload.decode() == raw


async def test_missing_field() -> None:
    [frame] = await struck("missing-field:field=session.model")
    assert "model" not in frame.json["session"] and "voice" in frame.json["session"]
    assert list(sdk_differences(frame.json))
    [frame] = await struck("missing-field")
    assert frame.json == {"type": "session.updated"}


async def test_surplus_field() -> None:
    [frame] = await struck("surplus-field:field=session.mood,value=[1,{}]")
    assert frame.json["session"]["mood"] == [1, {}] and frame.json["session"]["model"] == "gpt-4o"
    [frame] = await struck("surplus-field")
    assert frame.json["surplus_field"] == {"nested": [1, None, "text"]}


async def test_wrong_type() -> None:
    [frame] = await struck("wrong-type:field=session.model")
    assert frame.json["session"]["model"] == 12345
    [frame] = await struck("wrong-type:field=session,value=7")
    assert frame.json["session"] == 7
    [frame] = await struck("wrong-type")
    event = frame.json
    assert (event["type"], event["event_id"]) == ("session.updated", 12345) and isinstance(
        event["session"], list
    )


async def test_stall_holds_all_events_back_and_then_goes_on() -> None:
    async with (
        unkind("stall:ms=150,on=session.updated") as simulator,
        wire_peer(simulator.url) as client,
    ):
        assert (await client.frame()).kind == "session.created"
        began_s = time.monotonic()
        client.update()
        client.send("conversation.item.retrieve", item_id="none")
        assert [frame.kind for frame in await client.frames(2)] == ["session.updated", "error"]
        assert time.monotonic() - began_s >= 0.15


async def test_stall_leaves_the_service_listening() -> None:
    """Only the session's events are late: the client's are processed in time."""
    async with (
        unkind("stall:ms=3600000,on=session.updated") as simulator,
        wire_peer(simulator.url) as client,
    ):
        assert (await client.frame()).kind == "session.created"
        for _ in range(20):
            client.update()
        async with asyncio.timeout(DEADLINE_S):
            while simulator.host.sessions.alive()[0].record.events_received < 20:
                await asyncio.sleep(0)
        simulator.host.registry.clear()
        assert {frame.kind for frame in await client.frames(20)} == {"session.updated"}


async def test_stall_does_not_let_a_client_fill_our_memory() -> None:
    async with unkind("stall:ms=3600000") as simulator, wire_peer(simulator.url) as client:
        sent = 3000
        for _ in range(sent):
            client.send("conversation.item.retrieve", item_id="none")
        [session] = simulator.host.sessions.alive()
        async with asyncio.timeout(DEADLINE_S):
            while session.record.events_sent < 1000:
                await asyncio.sleep(0)
        async with wire_peer(simulator.url) as other:
            for _ in range(200):
                other.update()
            await other.frames(1 + 200)
        assert session.record.events_sent < 1100
        simulator.host.registry.clear()
        assert len(await client.frames(1 + sent)) == 1 + sent


async def test_a_fault_that_strikes_at_once_does_not_wait_behind_a_stall() -> None:
    async with unkind("stall:ms=3600000") as simulator, wire_peer(simulator.url) as client:
        client.update()
        async with asyncio.timeout(DEADLINE_S):
            while simulator.host.registry.to_json():
                await asyncio.sleep(0)
        simulator.host.registry.arm(parse_fault_text("drop"))
        assert await client.end() == ("fin", b"")


async def test_jitter_keeps_the_order() -> None:
    async with unkind("jitter:ms=20,seed=3") as simulator, wire_peer(simulator.url) as client:
        for n in range(30):
            client.send("conversation.item.retrieve", item_id=f"none_{n}")
        frames = await client.frames(31)
        assert [
            n
            for n, frame in enumerate(frames[1:])
            if f"none_{n}" not in frame.json["error"]["message"]
        ] == []
        [session] = simulator.host.sessions.alive()
        assert session.record.faults_applied == 31


FEW_WORDS = {
    "type": "message",
    "role": "assistant",
    "content": [{"type": "text", "text": "one two three four five"}],
}


async def spoken(
    fault: str, kind: str = "response.text.delta", last: str = "response.done"
) -> list[Frame]:
    """The events of one response in text, up to `last`."""
    async with unkind(fault) as simulator, wire_peer(simulator.url) as client:
        modalities = ["text"] if "text" in kind else ["text", "audio"]
        client.send(
            "response.create",
            response={"modalities": modalities, "pre_generated_assistant_message": FEW_WORDS},
        )
        return await _read(client, last)


async def _read(client: WirePeer, last: str) -> list[Frame]:
    frames = [await client.frame()]
    while frames[-1].kind != last:
        frames.append(await client.frame())
    return frames


def deltas(frames: list[Frame]) -> list[str]:
    return [frame.json["delta"] for frame in frames if frame.kind == "response.text.delta"]


async def honest() -> list[str]:
    """The deltas of the same response without a fault."""
    return deltas(await spoken("stop-pongs"))


async def test_duplicate_delta_comes_again_to_the_letter() -> None:
    frames = await spoken("duplicate-delta:copies=2,after=1")
    at = [n for n, frame in enumerate(frames) if frame.kind == "response.text.delta"][1]
    assert frames[at] == frames[at + 1] == frames[at + 2]
    right = await honest()
    assert deltas(frames) == [right[0], right[1], right[1], *right[1:]]


async def test_late_delta_comes_after_its_response_is_done() -> None:
    frames = await spoken("late-delta:after=1,on=response.text.delta", last="rate_limits.updated")
    kinds = [frame.kind for frame in frames]
    assert kinds[-3:] == ["response.done", "response.text.delta", "rate_limits.updated"]
    right = await honest()
    assert deltas(frames) == [right[0], *right[2:], right[1]]


async def test_late_delta_after_its_text_is_done() -> None:
    frames = await spoken("late-delta:until=response.text.done")
    kinds = [frame.kind for frame in frames]
    assert kinds[kinds.index("response.text.done") + 1] == "response.text.delta"


async def test_lost_delta_never_comes() -> None:
    right = await honest()
    assert deltas(await spoken("lost-delta:after=1")) == [right[0], *right[2:]]


async def test_reordered_delta_comes_after_the_next() -> None:
    right = await honest()
    assert deltas(await spoken("reordered-delta")) == [right[1], right[0], *right[2:]]


async def test_reordered_delta_that_has_no_next_comes_before_the_end() -> None:
    last = len(await honest()) - 1
    frames = await spoken(f"reordered-delta:after={last}")
    assert frames[-1].kind == "response.done" and frames[-2].kind == "response.text.delta"


async def test_truncated_base64_cannot_be_decoded() -> None:
    frames = await spoken("truncated-base64", "response.audio.delta", "response.audio.delta")
    delta = frames[-1].json["delta"]
    assert len(delta) > 1000 and len(delta) % 4 == 1
    with pytest.raises(binascii.Error):
        base64.b64decode(delta + "===")
