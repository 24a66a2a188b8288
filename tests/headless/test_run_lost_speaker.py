"""`run` whose speaker is lost: it goes on if the speaker comes back before an answer needs it."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from voicelive_common.exit_codes import ExitCode
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.headless import run as module
from voicelive_tui.headless.run import RunRequest, run
from voicelive_tui.model.events.record import Local

from tests.support.counter import counter, heard
from tests.support.deadlines import DEADLINE_S, RUN_S
from tests.support.engine_harness import key_settings, profile
from tests.support.left_over import nothing_left
from tests.support.scripted_service import ScriptedService
from tests.support.virtual_sound import RATE_HZ, VirtualSound


def hold(tmp_path: Path, service: ScriptedService, play: Callable[[], None]) -> ExitCode:
    """Hold one typed turn with microphone and speaker, while another thread plays service and
    card."""
    request = RunRequest(
        profile(service={"target": "azure"}), texts=["one"], turns=1, timeout_s=RUN_S
    )
    settings = Settings(
        input="device",
        output="device",
        state_dir=tmp_path / "state",
        config_dir=tmp_path / "config",
        **key_settings(service.url, "k"),
    )
    with nothing_left(), ThreadPoolExecutor() as pool:
        playing = pool.submit(play)
        code = run(request, settings)
        playing.result(DEADLINE_S)
    return code


def speaker_states(tmp_path: Path) -> list[str]:
    """The states of the speaker that the journal has; its last line may be unfinished."""
    journals = (tmp_path / "state/sessions").glob("*/events.jsonl")
    whole_lines = [line for each in journals for line in each.read_bytes().split(b"\n")[:-1]]
    events = [json.loads(line)["event"] for line in whole_lines]
    return [
        event["state"]
        for event in events
        if event["type"] == Local.DEVICE and event["side"] == "loudspeaker"
    ]


def until_asked(service: ScriptedService) -> None:
    service.wait(lambda: bool(service.events("response.create")))


def answer(service: ScriptedService) -> None:
    service.answer(1, counter(RATE_HZ // 2), finished=True)
    done = {"id": "resp_1", "status": "completed", "output": []}
    service.send({"type": "response.done", "response": done})


def test_a_speaker_that_comes_back_before_the_answer_is_heard_and_the_run_succeeds(
    tmp_path: Path, fragile_sound_card: VirtualSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SPEAKER_BACK_S", DEADLINE_S)
    card = fragile_sound_card

    def play() -> None:
        until_asked(service)
        card.kill()
        service.wait(lambda: speaker_states(tmp_path)[-1:] == ["lost"])
        card.plug_in()
        # A stream is there before the session has the speaker.
        service.wait(lambda: speaker_states(tmp_path)[-1:] == ["back"])
        card.until_streams(2)
        with card.record() as recording:
            answer(service)
            recording.wait(lambda audio: heard(audio).size >= RATE_HZ // 2)

    with ScriptedService() as service:
        assert hold(tmp_path, service, play) == ExitCode.OK


@pytest.mark.parametrize("limit_s", [0.0, RUN_S])
def test_a_speaker_that_is_missing_for_an_answer_or_stays_away_ends_the_run(
    tmp_path: Path,
    fragile_sound_card: VirtualSound,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    limit_s: float,
) -> None:
    monkeypatch.setattr(module, "SPEAKER_BACK_S", limit_s)

    def play() -> None:
        until_asked(service)
        if limit_s:
            with fragile_sound_card.record() as recording:
                service.answer(1, counter(60 * RATE_HZ))
                recording.wait(lambda audio: heard(audio).size >= RATE_HZ // 4)
        fragile_sound_card.kill()

    with ScriptedService() as service:
        assert hold(tmp_path, service, play) == ExitCode.SOUND
    assert "lost: the session goes on without" in capsys.readouterr().err
