"""The engine answers every request, with and without ports; the process refuses anything else."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from voicelive_tui.audio.host.audio_engine import AudioEngine
from voicelive_tui.audio.ipc.frames import PREAMBLE, encode
from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    Drained,
    Flushed,
    InputEnded,
    Opened,
    OpenRequest,
    PlayedPart,
)
from voicelive_tui.audio.ipc.requests import (
    EndRequest,
    FlushRequest,
    ListenRequest,
    MuteRequest,
    PlayRequest,
    SetFormatsRequest,
    SpeakFileRequest,
)
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.sound_devices import Devices

from tests.support.deadlines import RUN_S


@dataclass
class Answers:
    """An engine and everything that it posted."""

    posted: list[AudioMessage | Devices] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = AudioEngine(self.posted.append)


@pytest.fixture
def answers() -> Iterator[Answers]:
    answers = Answers()
    yield answers
    answers.engine.close()


def test_ports_that_nobody_wants_are_opened_without_a_problem(answers: Answers) -> None:
    answers.engine.handle(OpenRequest("none", "none"))
    assert answers.posted == [Opened("", "", 0, 0)]


def test_a_port_that_cannot_be_opened_is_named_with_the_cure(answers: Answers) -> None:
    answers.engine.handle(OpenRequest("tape", "none"))
    (opened,) = answers.posted
    assert isinstance(opened, Opened) and "'tape' is no microphone" in opened.input_problem


@pytest.mark.parametrize("request_", [MuteRequest(True), ListenRequest(True), SpeakFileRequest()])
def test_without_a_microphone_its_requests_change_nothing(
    answers: Answers, request_: MuteRequest | ListenRequest | SpeakFileRequest
) -> None:
    answers.engine.handle(request_)
    assert answers.posted == []


def test_without_a_speaker_a_part_is_counted_in_the_format_of_its_time(answers: Answers) -> None:
    answers.engine.handle(SetFormatsRequest(AudioFormat(), AudioFormat("g711_ulaw", 8_000)))
    answers.engine.handle(PlayRequest(0, "a", 0, bytes(400)))
    answers.engine.handle(PlayRequest(0, "a", 0, bytes(400)))
    answers.engine.handle(EndRequest(0, "a", 0))
    (drained,) = answers.posted
    assert isinstance(drained, Drained) and drained.part == PlayedPart("a", 0, 0, 100)


def test_sound_and_ends_of_an_earlier_epoch_are_dropped(answers: Answers) -> None:
    answers.engine.handle(FlushRequest(2))
    answers.engine.handle(PlayRequest(1, "late", 0, bytes(960)))
    answers.engine.handle(EndRequest(1, "late", 0))
    answers.engine.handle(PlayRequest(2, "a", 1, bytes(960)))
    answers.engine.handle(FlushRequest(3))
    assert [
        (message.epoch, message.parts) for message in answers.posted if isinstance(message, Flushed)
    ] == [(2, ()), (3, (PlayedPart("a", 1, 0, 20),))]
    assert len(answers.posted) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no socket can be inherited")
def test_the_process_ends_with_a_reason_when_it_is_sent_what_is_no_request() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "voicelive_tui.audio.host.server"),
                    *("--fd", str(theirs.fileno())),
                ],
                pass_fds=(theirs.fileno(),),
                stderr=subprocess.PIPE,
                text=True,
            )
        ours.sendall(PREAMBLE + encode(InputEnded(0.0)))
        _, reason = process.communicate(timeout=RUN_S)
    assert (process.returncode, reason) == (
        2,
        "protocol error: InputEnded is nothing that the audio process is asked\n",
    )
