"""`run` waits until the last sample of a turn has left the speaker, and names a turn that failed
with its reason."""

import random
import struct
import wave
from pathlib import Path
from typing import Any

import pytest
from voicelive_common.exit_codes import ExitCode
from voicelive_tui.protocol.configuration import SETTLE_S
from websockets.asyncio.server import ServerConnection

from tests.headless.support.runs import events_and_summary
from tests.support.burst_service import BurstService, Events, answer, called, spoken
from tests.support.program import Program
from tests.support.scripted_service import ScriptedService

RATE_HZ = 24_000


def sound(seconds: float, seed: int = 1) -> bytes:
    """Samples without a 0, so that a lost, repeated or displaced one is noticed."""
    draw = random.Random(seed)
    return struct.pack(
        f"<{round(seconds * RATE_HZ)}h",
        *(draw.randrange(1, 20_000) for _ in range(round(seconds * RATE_HZ))),
    )


def heard(path: Path) -> bytes:
    with wave.open(str(path), "rb") as file:
        assert file.getframerate() == RATE_HZ
        return file.readframes(file.getnframes())


def conversation(
    program: Program, service: BurstService, *texts: str, speaker: str
) -> tuple[Any, list[dict[str, Any]], str]:
    """Run with these typed turns; returns exit code, records and the text on standard error."""
    program.profile(
        "burst", f'[service]\ntarget = "url"\nurl = "{service.url}"\nmodel = "gpt-4o"\n'
    )
    typed = [argument for text in texts for argument in ("--text", text)]
    done = program.run("run", "burst", "--mic", "none", "--speaker", speaker, *typed, "--json")
    events, summary = events_and_summary(done.stdout)
    assert summary["exit_code"] == done.returncode
    return done.returncode, events, done.stderr


@pytest.mark.parametrize("seconds", [5.0, 0.06])
def test_every_sample_of_an_answer_sent_in_one_burst_is_heard(
    program: Program, seconds: float
) -> None:
    audio = sound(seconds)
    with BurstService(spoken(1, audio)) as service:
        code, events, err = conversation(program, service, "hi", speaker="out.wav")
    assert code == ExitCode.OK, err
    assert audio in heard(program.home / "out.wav")
    (stopped,) = [
        event["event"] for event in events if event["event"]["type"] == "console.playback_stopped"
    ]
    assert stopped["reason"] == "drained"


def test_every_item_of_an_answer_is_heard_in_order(program: Program) -> None:
    parts = [sound(seconds, seed) for seed, seconds in enumerate((0.5, 0.04, 0.5))]
    with BurstService(spoken(1, *parts)) as service:
        code, _, err = conversation(program, service, "hi", speaker="out.wav")
    assert code == ExitCode.OK, err
    assert b"".join(parts) in heard(program.home / "out.wav")


def test_the_next_text_is_sent_when_the_answer_before_it_was_heard(program: Program) -> None:
    # Of different lengths, so that the run's polls fall at different moments of each.
    sounds = [sound(seconds, seed) for seed, seconds in enumerate((1.5, 0.3, 0.06, 0.4, 0.2, 0.5))]
    with BurstService(*(spoken(number, audio) for number, audio in enumerate(sounds))) as service:
        code, events, err = conversation(
            program, service, *map(str, range(len(sounds))), speaker="out.wav"
        )
    assert code == ExitCode.OK, err
    steps = ("response.create", "console.playback_stopped")
    assert [event["event"]["type"] for event in events if event["event"]["type"] in steps] == [
        *steps
    ] * len(sounds)
    positions = [heard(program.home / "out.wav").find(audio) for audio in sounds]
    assert -1 not in positions and positions == sorted(positions)


class SilentAboutSettings(BurstService):
    """Answers `session.update` with an error about something else, and with nothing more."""

    async def _take(self, event: dict[str, Any]) -> None:
        if event["type"] == "session.update":
            await self._send({"type": "error", "error": {**NO_QUOTA, "event_id": "of_nobody"}})
        else:
            await super()._take(event)


def test_an_error_about_something_else_is_no_answer_to_the_settings(program: Program) -> None:
    with SilentAboutSettings(spoken(1, sound(0.1))) as service:
        code, events, err = conversation(program, service, "hi", speaker="none")
    assert code == ExitCode.OK, err
    assert "No quota." in err
    (prompt,) = [e for e in events if e["event"]["type"] == "conversation.item.create"]
    assert prompt["t"] >= SETTLE_S, "the first text goes out when the patience is over"


NO_QUOTA = {"type": "invalid_request_error", "code": "quota", "message": "No quota."}
CUT = [
    {
        "type": "response.audio.delta",
        "response_id": "resp_1",
        "item_id": "i",
        "content_index": 0,
        "delta": "AAAA",
    }
]
REFUSAL = [{"type": "error", "error": NO_QUOTA}]


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        (called(1), "1 of 2 turns were held (turn 1: a call of the agent was left unanswered)."),
        (answer(1), "1 of 2 turns were held (turn 1: its answer was empty)."),
        (answer(1, *CUT, status="failed"), "1 of 2 turns were held (turn 1: its answer failed)."),
    ],
    ids=["call", "empty", "failed"],
)
def test_a_turn_without_a_whole_answer_is_named_and_the_next_one_follows(
    program: Program, events: Events, sentence: str
) -> None:
    with BurstService(events, spoken(2, sound(0.1))) as service:
        code, _, err = conversation(program, service, "one", "two", speaker="none")
    assert code == ExitCode.TURNS
    assert sentence in err.splitlines()


def test_a_turn_whose_answer_was_refused_is_not_waited_for(program: Program) -> None:
    with BurstService(REFUSAL) as service:
        code, _, err = conversation(program, service, "one", speaker="none")
    assert code == ExitCode.TURNS
    assert "0 of 1 turns were held (turn 1: no answer came)." in err.splitlines()


def test_a_service_that_hangs_up_before_the_answer_was_heard_closed_too_early(
    program: Program,
) -> None:
    with BurstService(spoken(1, sound(5.0)), hangs_up=True) as service:
        code, _, _ = conversation(program, service, "hi", speaker="null")
    assert code == ExitCode.CLOSED


class RefusesSound(ScriptedService):
    """Answers each piece of sound with an error, and stays."""

    async def _take(self, event: dict[str, Any]) -> None:
        await super()._take(event)
        if event["type"] == "input_audio_buffer.append":
            await self._send({"type": "error", "error": NO_QUOTA})


def test_a_file_that_the_service_refuses_to_hear_is_not_waited_for(program: Program) -> None:
    with RefusesSound() as service:
        program.profile("deaf", f'[service]\ntarget = "url"\nurl = "{service.url}"\n')
        with wave.open(str(program.home / "hi.wav"), "wb") as file:
            file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            file.writeframes(sound(0.5))
        done = program.run(
            "run", "deaf", "--mic", "hi.wav", "--speaker", "none", "--timeout", "9999"
        )
    assert done.returncode == ExitCode.TURNS
    assert "began no turn" in done.stderr


class RefusesTheSession(ScriptedService):
    """Says an error in place of `session.created`, and stays."""

    async def _serve(self, connection: ServerConnection) -> None:
        self._connection = connection
        await self._send({"type": "error", "error": {"code": "model_not_found", "message": "No."}})
        async for _ in connection:
            pass


def test_a_session_that_the_service_refuses_is_over(program: Program) -> None:
    with RefusesTheSession() as service:
        program.profile("no-model", f'[service]\ntarget = "url"\nurl = "{service.url}"\n')
        done = program.run("run", "no-model", "--text", "hi", "--mic", "none", "--timeout", "9999")
    assert done.returncode == ExitCode.CLOSED
    assert "The service refused the session: model_not_found: No" in done.stderr
    assert "settings" not in done.stderr
