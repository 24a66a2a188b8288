"""Sessions whose microphone and loudspeaker are those of another machine: the real listener with
the virtual sound card, behind a relay that delays, stalls and cuts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from voicelive_tui.audio.listener.listener import SoundListener
from voicelive_tui.engine import intents
from voicelive_tui.engine.config.settings import Secret
from voicelive_tui.model.events.record import Local

from tests.engine.audio.test_lost_devices import (
    ATTEMPTS,
    arrives,
    be_heard,
    both_open,
    hear_answer,
)
from tests.support.counter import counter, heard
from tests.support.deadlines import DEADLINE_S
from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.near_side import TOKEN, address_of, sound_listener
from tests.support.scripted_service import ScriptedService
from tests.support.slow_link import SlowLink
from tests.support.truncation import interrupted_answer
from tests.support.virtual_sound import RATE_HZ, VirtualSound


@pytest.fixture
def near(tmp_path: Path) -> Iterator[SoundListener]:
    """This machine's own sound, as that of the machine in front of the user."""
    folder = tmp_path / "near"
    folder.mkdir()
    with sound_listener(folder, token=TOKEN) as listener:
        yield listener


@pytest.fixture
def link(tmp_path: Path, near: SoundListener) -> Iterator[SlowLink]:
    """A link of 30 to 40 ms of round trip to it."""
    with SlowLink(address_of(near), listen=tmp_path / "far", delay_s=0.015, jitter_s=0.005) as link:
        yield link


@pytest.fixture
def harness(tmp_path: Path, service: ScriptedService, link: SlowLink) -> Iterator[EngineHarness]:
    with engine_harness(
        tmp_path,
        **key_settings(service.url, "k"),
        input=None,
        output=None,
        audio_at=str(link.address),
        audio_token=Secret(TOKEN),
    ) as harness:
        yield harness


@pytest.fixture
def service() -> Iterator[ScriptedService]:
    with ScriptedService() as service:
        yield service


def lost(harness: EngineHarness) -> bool:
    link = harness.engine.snapshot().audio.link
    return link is not None and link.lost_s is not None


def link_states(harness: EngineHarness) -> list[str]:
    return [event["state"] for event in harness.events(Local.LINK) if event["state"] != "up"]


def is_whole_after_a_stall(
    harness: EngineHarness, service: ScriptedService, card: VirtualSound, link: SlowLink
) -> bool:
    """Let the link stall in the middle of the user's words. Returns whether the service heard every
    sample of them."""
    begin = len(service.microphone)
    speaking = card.speak(counter(2 * RATE_HZ))
    service.wait(lambda: heard(bytes(service.microphone[begin:])).size >= RATE_HZ // 4)
    link.stall()
    harness.until(lambda: lost(harness), "the stall")
    assert both_open(harness)
    link.resume()
    harness.until(lambda: not lost(harness), "the end of the stall")
    assert speaking.wait(DEADLINE_S) == 0
    arrives(service, begin, 2 * RATE_HZ)
    service.wait(lambda: not any(service.microphone[-2 * RATE_HZ :]))  # nothing of it is on its way
    came = heard(bytes(service.microphone[begin:]))
    return list(came[: 2 * RATE_HZ]) == list(heard(counter(2 * RATE_HZ)))


def test_a_session_over_a_link_that_stalls_and_is_cut(
    sound_card: VirtualSound, service: ScriptedService, link: SlowLink, harness: EngineHarness
) -> None:
    harness.start(of=profile(service={"target": "azure"}))
    harness.until(lambda: both_open(harness), "sound")
    assert harness.engine.child_pids[0] is None
    now = harness.engine.snapshot().audio.link
    assert now is not None and now.round_trip_ms is not None and now.round_trip_ms >= 30
    assert harness.engine.snapshot().audio.host == ""
    up = harness.until_event(Local.LINK)
    assert (up["state"], up["way"], up["machine"]) == ("up", "socket", now.machine)
    assert up["round_trip_ms"] >= 30 and up["clock_error_ms"] >= 15
    be_heard(service, sound_card)
    hear_answer(harness, service, sound_card)

    # A stall in the middle of the user's words holds them up and loses nothing. A busy machine may
    # lose some before the link, and see further stalls.
    assert any(is_whole_after_a_stall(harness, service, sound_card, link) for _ in range(ATTEMPTS))
    states = link_states(harness)
    assert states[:2] == ["stalled", "back"] and "lost" not in states

    # An interruption says which part of it was the link's.
    item = service.answer(7, counter(20 * RATE_HZ), finished=True)
    harness.until_event("response.audio.done", count=2)
    harness.until_event(Local.PLAYBACK_STARTED, count=2)
    harness.engine.post(intents.Interrupt("a"))
    harness.until_event("conversation.item.truncate")
    stopped = harness.until_event(Local.PLAYBACK_STOPPED, count=2)
    assert stopped["item_id"] == item
    assert (stopped["received_ms"], stopped["link_ms"] >= 0) == (20_000, True)
    assert 0 < stopped["played_ms"] < 20_000 and stopped["device_ms"] >= 0

    # A link that is cut in the middle of an answer takes both devices with it and brings them back.
    cut = service.answer(8, counter(20 * RATE_HZ))
    harness.until_event(Local.PLAYBACK_STARTED, count=3)
    link.refuse()
    harness.until(lambda: lost(harness) and not both_open(harness), "the loss")
    assert "until the link is back" in harness.engine.snapshot().audio.problem
    ended = harness.until_event(Local.PLAYBACK_STOPPED, count=3)
    assert ended["item_id"] == cut and ended["played_ms"] < 20_000
    service.answer(8, counter(RATE_HZ), finished=True)  # what the service still sends of it
    link.listen()
    harness.until(lambda: both_open(harness) and not lost(harness), "the return")
    assert "lost" not in harness.engine.snapshot().audio.problem
    harness.until(lambda: any("are back" in text for text in harness.texts()), "the notice")
    be_heard(service, sound_card)
    hear_answer(harness, service, sound_card)
    harness.until(lambda: link_states(harness)[-1] == "back", "a link without a stall")
    assert link_states(harness).count("lost") == 1
    # A changed round trip may have been told since.
    back = [event for event in harness.events(Local.LINK) if event["state"] == "back"]
    assert back[-1]["away_ms"] > 0
    assert len(harness.events(Local.CONNECTED)) == 1
    stops = [event["item_id"] for event in harness.events(Local.PLAYBACK_STOPPED)]
    assert len(stops) == len(set(stops))
    harness.stop()
    harness.until(lambda: harness.engine.snapshot().audio.link is None, "the end of the link")


def test_a_link_that_comes_and_goes_ends_each_answer_once_and_leaves_the_sound(
    sound_card: VirtualSound, service: ScriptedService, link: SlowLink, harness: EngineHarness
) -> None:
    harness.start(of=profile(service={"target": "azure"}))
    for number in range(4):
        harness.until(lambda: both_open(harness) and not lost(harness), "sound")
        be_heard(service, sound_card)  # the session has the devices again
        service.answer(number, counter(20 * RATE_HZ), finished=True)
        harness.until_event(Local.PLAYBACK_STARTED, count=number + 1)
        link.refuse()
        harness.until(lambda: lost(harness) and not both_open(harness), "the loss")
        harness.until_event(Local.PLAYBACK_STOPPED, count=number + 1)
        link.listen()
    harness.until(lambda: both_open(harness) and not lost(harness), "sound")
    be_heard(service, sound_card)
    hear_answer(harness, service, sound_card)
    stops = [event["item_id"] for event in harness.events(Local.PLAYBACK_STOPPED)]
    assert len(stops) == len(set(stops)) == 5
    # A busy machine may see a stall besides.
    harness.until(lambda: link_states(harness)[-1] == "back", "a link without a stall")
    assert link_states(harness).count("lost") == 4
    assert len(harness.events(Local.CONNECTED)) == 1
    harness.stop()


def test_over_a_link_the_truncation_names_what_was_heard_at_its_other_end(
    sound_card: VirtualSound, service: ScriptedService, harness: EngineHarness
) -> None:
    harness.start(of=profile(service={"target": "azure"}))
    harness.until(lambda: both_open(harness), "sound")
    harness.until_event("session.updated")

    assert any(
        interrupted_answer(service, sound_card, number, 700).agrees for number in range(ATTEMPTS)
    )
    harness.stop()


def test_a_session_that_begins_without_its_link_gets_the_sound_when_there_is_one(
    sound_card: VirtualSound, service: ScriptedService, link: SlowLink, harness: EngineHarness
) -> None:
    link.refuse()
    harness.start(of=profile(service={"target": "azure"}))
    harness.until(lambda: lost(harness), "the mark")
    assert "There is no socket" in harness.engine.snapshot().audio.problem
    link.listen()
    harness.until(lambda: both_open(harness) and not lost(harness), "sound")
    assert "no socket" not in harness.engine.snapshot().audio.problem
    assert any(text.endswith("is there.") for text in harness.texts())
    be_heard(service, sound_card)
    hear_answer(harness, service, sound_card)
    harness.stop()


def test_a_microphone_that_is_muted_at_its_machine_is_silent_and_stays_so(
    sound_card: VirtualSound,
    service: ScriptedService,
    near: SoundListener,
    link: SlowLink,
    harness: EngineHarness,
) -> None:
    harness.start(of=profile(service={"target": "azure"}))
    harness.until(lambda: both_open(harness), "sound")
    be_heard(service, sound_card)
    near.mute(True)
    on = harness.until_event(Local.MUTED)
    audio = harness.engine.snapshot().audio
    assert audio.muted_at and audio.link is not None
    assert (on["on"], on["machine"]) == (True, audio.link.machine)
    assert "MUTED" in harness.lines("note")[-1], "the note does not wait for another event"
    said = f"The microphone is muted at {audio.link.machine} and can be unmuted only there."
    harness.until(lambda: said in harness.texts(), "the notice")
    before = len(service.microphone)
    assert sound_card.speak(counter(RATE_HZ // 2)).wait(DEADLINE_S) == 0
    service.wait(lambda: len(service.microphone) > before + 2 * RATE_HZ)
    assert not heard(bytes(service.microphone[before:])).size

    # The console's own mute changes nothing of that, and neither does a new link.
    harness.engine.post(intents.Mute(True))
    harness.until(lambda: harness.engine.snapshot().muted, "the console's mute")
    harness.engine.post(intents.Mute(False))
    harness.until(lambda: not harness.engine.snapshot().muted, "its end")
    link.refuse()
    harness.until(lambda: lost(harness) and not both_open(harness), "the loss")
    link.listen()
    harness.until(lambda: both_open(harness) and not lost(harness), "the return")
    harness.engine.post(intents.ToggleTalk("a"))
    harness.until(
        lambda: any("this turn would be silent" in text for text in harness.texts()), "a refusal"
    )
    near.mute(False)
    off = harness.until_event(Local.MUTED, count=2)
    assert off["on"] is False and not harness.engine.snapshot().audio.muted_at
    be_heard(service, sound_card)
    harness.stop()


def test_a_microphone_that_was_muted_before_is_told_as_muted_until_the_session_has_no_link(
    sound_card: VirtualSound, service: ScriptedService, near: SoundListener, harness: EngineHarness
) -> None:
    near.mute(True)
    harness.start(of=profile(service={"target": "azure"}))
    harness.until(lambda: both_open(harness), "sound")
    assert harness.until_event(Local.MUTED)["on"] is True
    machine = harness.engine.snapshot().audio.muted_at
    assert machine
    said = f"The microphone is muted at {machine} and can be unmuted only there."
    harness.until(lambda: said in harness.texts(), "the notice")
    harness.stop()
    harness.until(lambda: not harness.engine.snapshot().audio.muted_at, "no link")


def test_a_device_that_the_other_machine_loses_is_looked_for_over_the_link(
    fragile_sound_card: VirtualSound,
    service: ScriptedService,
    link: SlowLink,
    harness: EngineHarness,
) -> None:
    card = fragile_sound_card
    harness.start(of=profile(service={"target": "azure"}))
    harness.until(lambda: both_open(harness), "sound")
    hear_answer(harness, service, card)
    card.kill()
    harness.until(lambda: not both_open(harness), "the loss")
    assert "until the link is back" not in harness.engine.snapshot().audio.problem
    before = link.accepted
    harness.until(lambda: link.accepted >= before + 2, "looks at the devices")
    card.plug_in()
    harness.until(lambda: both_open(harness), "sound")
    card.until_streams(2)
    be_heard(service, card)
    hear_answer(harness, service, card)
    assert "lost" not in link_states(harness)
    harness.stop()


def test_a_file_cannot_be_used_with_a_device_of_the_other_machine(
    tmp_path: Path, service: ScriptedService, link: SlowLink
) -> None:
    output = tmp_path / "played.wav"
    with engine_harness(
        tmp_path,
        **key_settings(service.url, "k"),
        input=None,
        output=f"wav:{output}",
        audio_at=str(link.address),
        audio_token=Secret(TOKEN),
    ) as harness:
        harness.start(of=profile(service={"target": "azure"}))
        harness.until(lambda: harness.engine.snapshot().audio.output_name, "the file")
        audio = harness.engine.snapshot().audio
        assert (audio.output_name, audio.input_name, audio.link) == (str(output), "", None)
        assert audio.problem.startswith("No microphone: a sound file here and a device of")
        assert not link.accepted
        harness.stop()
