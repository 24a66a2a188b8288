"""The official SDK as an independent client, and its models as a second check of every event that
the simulator sends."""

import asyncio
import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from azure.ai.voicelive.aio import VoiceLiveConnection, connect
from azure.ai.voicelive.models import (
    AssistantMessageItem,
    AzureSemanticVad,
    AzureStandardVoice,
    FunctionCallOutputItem,
    FunctionTool,
    InputTextContentPart,
    Modality,
    OutputTextContentPart,
    RequestSession,
    ResponseCreateParams,
    ServerEventType,
    UserMessageItem,
)
from azure.core.credentials import AzureKeyCredential

from tests.simulator.support.contract_differences import EXCEPTIONS, TABLE_EXCEPTIONS
from tests.simulator.support.simulator_source import sent_event_types
from tests.simulator.support.voice_live_contract import (
    reference,
    sdk_differences,
    table_differences,
)
from tests.support.deadlines import DEADLINE_S
from tests.support.simulator_process import simulator_process
from tests.support.speech_like import pcm16, silence, speech_like
from tests.support.voice_live_peer import Peer, peer

TURN = pcm16(silence(0.5), speech_like(1.0), silence(1.0))
SENT = sent_event_types(frozenset(reference()["server_events"]))


@pytest.fixture(scope="module")
def simulator_url() -> Iterator[str]:
    with simulator_process() as ready:
        yield str(ready["url"])


async def events_until(connection: VoiceLiveConnection, kind: ServerEventType) -> list[Any]:
    received: list[Any] = []
    async with asyncio.timeout(DEADLINE_S):
        while not received or received[-1].type != kind:
            received.append(await connection.recv())
    return received


async def test_the_sdk_holds_a_spoken_turn(simulator_url: str) -> None:
    async with connect(
        endpoint=simulator_url, credential=AzureKeyCredential("k"), model="gpt-4o"
    ) as connection:
        voice = AzureStandardVoice(name="en-US-AvaNeural")
        detection = AzureSemanticVad(threshold=0.3, prefix_padding_ms=200, silence_duration_ms=300)
        session = RequestSession(
            modalities=[Modality.TEXT, Modality.AUDIO], voice=voice, turn_detection=detection
        )
        await connection.session.update(session=session)
        updated = (await events_until(connection, ServerEventType.SESSION_UPDATED))[-1].session
        assert (
            updated.turn_detection.silence_duration_ms == 300
            and updated.turn_detection.prefix_padding_ms == 200
        )
        for at in range(0, len(TURN), 4800):
            await connection.input_audio_buffer.append(
                audio=base64.b64encode(TURN[at : at + 4800]).decode()
            )
        events = await events_until(connection, ServerEventType.RESPONSE_DONE)
        by_type = {event.type: event for event in events}
        assert by_type[
            ServerEventType.INPUT_AUDIO_BUFFER_SPEECH_STARTED
        ].audio_start_ms == pytest.approx(300, abs=20)
        transcript = by_type[
            ServerEventType.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED
        ].transcript
        assert transcript.startswith("[speech, 1.0 s")
        audio = b"".join(
            event.delta for event in events if event.type == ServerEventType.RESPONSE_AUDIO_DELTA
        )
        assert len(audio) > 2 * 48_000
        done = events[-1].response
        assert done.status == "completed" and done.usage.output_token_details.audio_tokens > 0
        assert "simulator" in done.output[0].content[0].transcript


async def test_the_sdk_holds_a_text_turn(simulator_url: str) -> None:
    async with connect(
        endpoint=simulator_url, credential=AzureKeyCredential("k"), model="gpt-realtime"
    ) as connection:
        item = UserMessageItem(content=[InputTextContentPart(text="are you there")])
        await connection.conversation.item.create(item=item)
        await connection.response.create(
            response=ResponseCreateParams(modalities=[Modality.TEXT], metadata={"a": "b"})
        )
        events = await events_until(connection, ServerEventType.RESPONSE_DONE)
        text = next(
            event.text for event in events if event.type == ServerEventType.RESPONSE_TEXT_DONE
        )
        assert "3 words" in text and "are you there" in text
        assert events[-1].response.metadata == {"a": "b"}
        greeting = AssistantMessageItem(content=[OutputTextContentPart(text="Good day.")])
        await connection.response.create(
            response=ResponseCreateParams(pre_generated_assistant_message=greeting)
        )
        events = await events_until(connection, ServerEventType.RESPONSE_DONE)
        assert events[-1].response.output[0].content[0].transcript == "Good day."


async def test_the_sdk_answers_a_function_call(simulator_url: str) -> None:
    async with connect(
        endpoint=simulator_url, credential=AzureKeyCredential("k"), model="gpt-4o"
    ) as connection:
        parameters = {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        }
        tool = FunctionTool(name="get_weather", description="The weather", parameters=parameters)
        await connection.session.update(
            session=RequestSession(modalities=[Modality.TEXT], tools=[tool])
        )
        await connection.response.create(response=ResponseCreateParams(tool_choice="required"))
        events = await events_until(connection, ServerEventType.RESPONSE_DONE)
        done = next(
            event
            for event in events
            if event.type == ServerEventType.RESPONSE_FUNCTION_CALL_ARGUMENTS_DONE
        )
        assert (done.name, json.loads(done.arguments)) == ("get_weather", {"city": ""})
        [call] = events[-1].response.output
        assert (call.type, call.call_id, call.status) == (
            "function_call",
            done.call_id,
            "completed",
        )
        output = FunctionCallOutputItem(call_id=done.call_id, output='{"sky": "blue"}')
        await connection.conversation.item.create(previous_item_id=call.id, item=output)
        await connection.response.create()
        events = await events_until(connection, ServerEventType.RESPONSE_DONE)
        assert "15 characters" in events[-1].response.output[0].content[0].text


CONFIGURED = {
    "voice": {"type": "azure-standard", "name": "en-US-AvaNeural"},
    "turn_detection": {
        "type": "azure_semantic_vad",
        "auto_truncate": True,
        "languages": ["en"],
        "appended_text_after_truncation": " [interrupted]",
        "speech_duration_assistant_speaking_ms": 100,
        "end_of_utterance_detection": {"model": "semantic_detection_v1"},
    },
    "input_audio_transcription": {
        "model": "gpt-4o-transcribe",
        "language": "en",
        "prompt": "names",
        "phrase_list": ["a"],
    },
    "output_audio_timestamp_types": ["word"],
    "input_audio_noise_reduction": {"type": "azure_deep_noise_suppression"},
    "input_audio_echo_cancellation": {"type": "server_echo_cancellation"},
    "tools": [
        {"type": "function", "name": "f", "parameters": {"type": "object", "required": ["x"]}}
    ],
    "interim_response": None,
    "animation": {"outputs": ["viseme_id"]},
    "metadata": {"a": "b"},
    "include": [
        "item.input_audio_transcription.logprobs",
        "item.input_audio_transcription.phrases",
    ],
    "no_such_field": 1,
}


async def interrupted_turns(client: Peer) -> None:
    """Two spoken turns, the second during the response to the first; then the requests that concern
    the last response."""
    await client.append(
        TURN + pcm16(speech_like(0.6), silence(1.0))
    )  # in one append, so that no response can end before it is interrupted
    await client.until("conversation.item.truncated")
    await client.until("rate_limits.updated")  # after the second response
    spoken = client.events[-2]["response"]["output"][0]["id"]
    await client.ask(
        "conversation.item.truncate",
        "conversation.item.truncated",
        item_id=spoken,
        content_index=0,
        audio_end_ms=10,
    )
    await client.ask("conversation.item.retrieve", "conversation.item.retrieved", item_id=spoken)
    await client.ask("conversation.item.delete", "conversation.item.deleted", item_id=spoken)


async def manual_turn(client: Peer) -> None:
    await client.ask("session.update", "session.updated", session={"turn_detection": None})
    await client.append(TURN)
    await client.ask("input_audio_buffer.commit", "conversation.item.created")
    await client.ask("input_audio_buffer.clear", "input_audio_buffer.cleared")


async def responses(client: Peer) -> None:
    """Responses that run out of tokens, are out of band or cancelled, in text, and a function
    call."""
    await client.ask("response.create", "response.created", response={"max_output_tokens": 30})
    await client.until("response.done")
    await client.ask(
        "response.create",
        "response.created",
        response={"metadata": {"k": "v"}, "conversation": "none"},
    )
    await client.ask("response.cancel", "response.done")
    await client.ask("response.create", "response.text.done", response={"modalities": ["text"]})
    await client.until("response.done")
    await client.ask("response.create", "response.done", response={"tool_choice": "required"})


async def items(client: Peer) -> None:
    """Every kind of item that a client can create."""
    for item in (
        {"type": "function_call", "name": "f", "call_id": "call_1", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "x"},
        {"type": "message", "role": "system", "content": [{"type": "input_text", "text": "x"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "x"}]},
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_image", "image_url": "data:,x", "detail": "low"}],
        },
    ):
        await client.ask("conversation.item.create", "conversation.item.created", item=item)
    await client.send("input_text.delta", id="item_streamed", delta="word by word")
    await client.ask("input_text.done", "conversation.item.created", id="item_streamed")


async def mcp(client: Peer) -> None:
    """Listings and calls that succeed and that fail; one call is approved."""
    far = {"type": "mcp", "server_label": "far", "server_url": "https://far.example/mcp"}
    own = {
        "type": "mcp",
        "server_label": "own",
        "server_url": "http://127.0.0.1:1/simulator/mcp",
        "require_approval": "never",
    }
    for tools, kind in (
        ([far, own], "response.mcp_call.completed"),
        ([{**own, "allowed_tools": ["fail"]}], "response.mcp_call.failed"),
    ):
        await client.ask(
            "response.create", kind, response={"tools": tools, "tool_choice": "required"}
        )
        await client.until("response.output_item.done")
    asking = {"tools": [{**own, "require_approval": "always"}], "tool_choice": "required"}
    done = await client.ask("response.create", "response.done", response=asking)
    approval = {
        "type": "mcp_approval_response",
        "approval_request_id": done["response"]["output"][0]["id"],
        "approve": True,
    }
    await client.ask("conversation.item.create", "response.mcp_call.completed", item=approval)
    await client.until("response.output_item.done")


async def test_what_comes_over_a_socket_is_what_the_sdk_and_the_reference_know(
    simulator_url: str,
) -> None:
    """dialogue/test_contract.py covers all events; this test goes through the process and the wire.
    Without a scenario no transcription fails."""
    async with peer(simulator_url, model="gpt-realtime") as client:
        await client.ask("session.update", "warning", session=CONFIGURED)
        await interrupted_turns(client)
        await manual_turn(client)
        await responses(client)
        await mcp(client)
        await items(client)
        detection = {"type": "server_vad", "speech_duration_ms": 90}
        await client.ask("session.update", "session.updated", session={"turn_detection": detection})
        await client.ask("no.such.event", "error", event_id="event_mine")
    assert set(client.types()) == SENT - {"conversation.item.input_audio_transcription.failed"}
    assert {difference for event in client.events for difference in sdk_differences(event)} <= set(
        EXCEPTIONS
    )
    assert {
        difference for event in client.events for difference in table_differences(event)
    } == set(TABLE_EXCEPTIONS)
