"""The shipped scenarios, each run completely with the official SDK: they do what their comments
say."""

import base64
import binascii
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from azure.ai.voicelive.aio import ConnectionClosed, ConnectionError  # noqa: A004  # the SDK's own
from azure.ai.voicelive.models import (
    AzureSemanticDetection,
    FunctionTool,
    MCPServer,
    ServerEvent,
    ServerVad,
)
from voicelive_simulator.scenario.load import load_scenario
from voicelive_simulator.service.options import Options
from voicelive_simulator.service.server import Simulator
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.sdk_client import SdkClient, of_type, said, sdk_client, types
from tests.support.speech_like import pcm16, silence, speech_like

GET_WEATHER = FunctionTool(
    name="get_weather",
    description="The weather of a city",
    parameters={"type": "object", "properties": {"city": {"type": "string"}}},
)
CUSTOMERS = MCPServer(
    server_label="customers", server_url="https://customers.example/mcp", require_approval="never"
)


@asynccontextmanager
async def playing(name: str) -> AsyncIterator[str]:
    async with Simulator(Options(scenario=load_scenario(name)), ToneVoice()) as simulator:
        yield simulator.url


class TestWeatherTool:
    async def test_a_typed_question_is_looked_up_and_told(self) -> None:
        async with playing("weather-tool") as url, sdk_client(url) as driver:
            await driver.configure(tools=[GET_WEATHER])
            assert said(await driver.respond()) == [
                "Hello, this is the weather demo of a local simulator. Which city shall I look up?"
            ]
            asked = await driver.type("What is the weather in Bergen?")
            assert said(asked) == ["One moment, I look that up."]
            [call] = of_type(asked, "response.function_call_arguments.done")
            assert (call.name, call.arguments) == (
                "get_weather",
                '{"city": "Bergen", "unit": "celsius"}',
            )
            answered = await driver.output(
                call.call_id, {"city": "Bergen", "temperature": 7.5, "condition": "it rains"}
            )
            assert said(answered) == ["It is 7.5 degrees in Bergen, and it rains."]
            assert said(await driver.type("Thank you!")) == ["You are welcome."]
            assert "You wrote 3 words" in said(await driver.type("Sing a song"))[0]

    @pytest.mark.parametrize(
        ("output", "expected"),
        [
            ({"error": "no such city"}, "The weather service is of no help: no such city."),
            ("sunny", "All I got is this: sunny"),
        ],
    )
    async def test_every_output_has_an_answer(self, output: object, expected: str) -> None:
        async with playing("weather-tool") as url, sdk_client(url) as driver:
            await driver.configure(tools=[GET_WEATHER])
            [call] = of_type(
                await driver.type("And in Atlantis?"), "response.function_call_arguments.done"
            )
            assert said(await driver.output(call.call_id, output)) == [expected]

    async def test_spoken_turns_are_its_questions(self) -> None:
        async with playing("weather-tool") as url, sdk_client(url) as driver:
            await driver.configure(tools=[GET_WEATHER])
            for city in ("Oslo", "Lisbon", "Oslo"):
                await driver.hear(pcm16(silence(0.3), speech_like(1.0), silence(1.0)))
                transcribed = await driver.until(
                    "conversation.item.input_audio_transcription.completed"
                )
                assert city in transcribed.transcript
                call = await driver.until("response.function_call_arguments.done")
                assert f'"city": "{city}"' in call.arguments
                await driver.until("response.done")


class TestSupportDesk:
    async def test_five_spoken_turns_each_interrupting_the_one_before(self) -> None:
        """The whole call in one append, in audio time, so that nothing waits for real time."""
        turn = [speech_like(1.2), silence(4.0)]
        async with playing("support-desk") as url, sdk_client(url) as driver:
            patient = AzureSemanticDetection(timeout_ms=1500)
            await driver.configure(
                tools=[CUSTOMERS],
                turn_detection=ServerVad(auto_truncate=True, end_of_utterance_detection=patient),
            )
            await driver.hear(pcm16(silence(0.5), *turn * 5))
            done = [await driver.until("response.done") for _ in range(5)]
            heard = [
                event.transcript
                for event in of_type(
                    driver.events, "conversation.item.input_audio_transcription.completed"
                )
            ]
            assert heard == [
                "Hello, my internet connection has been down since this morning.",
                "Yes, my customer number is, wait a moment,",
                "Here it is, four seven one one.",
                "The light on the router is red.",
                "Thank you, it works again. Goodbye.",
            ]
            answers = said(driver.events)
            [sorry] = [answer for answer in answers if answer.startswith("I am sorry to hear that")]
            [router] = [
                answer
                for answer in answers
                if answer.startswith("Then the router has lost its line")
            ]
            assert not sorry.endswith("at hand?") and not router.endswith("morning.")
            assert answers[-1] == "I am glad to hear that. Goodbye!"
            statuses = [event.response.status for event in done]
            assert (statuses[0], statuses[3], statuses[4]) == (
                "cancelled",
                "cancelled",
                "completed",
            )
            assert of_type(driver.events, "conversation.item.truncated")
            started = [
                event.audio_start_ms
                for event in of_type(driver.events, "input_audio_buffer.speech_started")
            ]
            stopped = [
                event.audio_end_ms
                for event in of_type(driver.events, "input_audio_buffer.speech_stopped")
            ]
            lasted = [end - start for start, end in zip(started, stopped, strict=True)]
            assert [round(ms - lasted[0], -2) for ms in lasted] == [0, 1500, 0, 0, 0]

    async def test_typed_lines_are_answered_too(self) -> None:
        async with playing("support-desk") as url, sdk_client(url) as driver:
            await driver.configure(modalities=["text"])
            [text] = of_type(
                await driver.type("My customer number is, let me see"), "response.text.done"
            )
            assert text.text == "Take your time. It stands at the top of every bill."


class TestBadDay:
    async def first_session(self, url: str) -> None:
        async with sdk_client(url) as driver:
            began_s = time.perf_counter()
            first = await driver.type("Hello")
            assert time.perf_counter() - began_s > 2.0
            assert said(first) == ["Good morning. Excuse the delay."]
            late = await driver.until("response.audio_transcript.delta")
            assert late.response_id == first[-1].response.id
            with pytest.raises(ConnectionClosed):
                await driver.type("Are you there?")
            assert len(of_type(driver.events, "response.audio.delta")) > len(
                of_type(first, "response.audio.delta")
            )

    async def test_the_whole_day(self) -> None:
        async with playing("bad-day") as url:
            await self.first_session(url)
            with pytest.raises(ConnectionError, match="429"):
                async with sdk_client(url):
                    pass
            async with sdk_client(url) as driver:
                assert said(await driver.type("Hello again")) == ["Here we are again."]
                await self.outcomes(driver)
                await self.lost_transcript(driver)
                await self.spoiled_deltas(driver)
                await self.spoiled_frames(driver)
                assert "You wrote" in said(await driver.type("Better now?"))[0]

    async def outcomes(self, driver: SdkClient) -> None:
        failed = (await driver.type("two"))[-1].response
        assert (
            failed.status == "failed"
            and failed.status_details.error["message"] == "The model is overloaded."
        )
        cut = (await driver.type("three"))[-1].response
        assert cut.status == "incomplete" and cut.status_details.reason == "content_filter"

    async def lost_transcript(self, driver: SdkClient) -> None:
        await driver.hear(pcm16(silence(0.3), speech_like(1.0), silence(1.0)))
        lost = await driver.until("conversation.item.input_audio_transcription.failed")
        assert lost.error.message == "The recogniser could not make out a word."
        await driver.until("response.done")
        assert said(driver.events)[-1] == "I did not catch that. Could you say it again?"

    async def spoiled_deltas(self, driver: SdkClient) -> None:
        deltas = [
            event["delta"] for event in of_type(await driver.type("five"), "response.audio.delta")
        ]
        assert any(one == other for one, other in pairwise(deltas))
        broken = 0
        for delta in deltas:
            try:
                base64.b64decode(delta, validate=True)
            except binascii.Error:
                broken += 1
        assert broken == 1

    async def spoiled_frames(self, driver: SdkClient) -> None:
        events = await driver.type("six")
        assert types(events).count("JSONDecodeError") == 1
        assert [
            event
            for event in events
            if type(event) is ServerEvent and event.type != "rate_limits.updated"
        ]
        assert events[-1].response.status == "completed"
