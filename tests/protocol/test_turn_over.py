"""A turn is over when its last sample has left the speaker, or when no answer to it will come."""

from base64 import b64encode

import pytest
from voicelive_tui.protocol.commands import Send

from tests.support.conversations import VAD, Heard, Table, brief

LATER_S = 3_600.0


def is_open(table: Table, later_s: float = LATER_S) -> bool:
    """Whether the turn is open, now and for as long as nothing else happens."""
    now, later = table.talk.turn_open(table.now), table.talk.turn_open(table.now + later_s)
    assert now == later
    return now


def speaks(table: Table) -> bool:
    return table.talk.assistant_speaking(table.now + LATER_S)


def speech_stopped(table: Table, item: str = "item_u") -> None:
    table.service("input_audio_buffer.speech_stopped", audio_end_ms=900, item_id=item)


def committed(table: Table, item: str = "item_u") -> None:
    table.service("input_audio_buffer.committed", item_id=item, previous_item_id=None)


def test_before_anything_is_said_no_turn_is_open() -> None:
    assert not is_open(Table())


def test_an_answer_sent_in_one_burst_is_open_until_the_speaker_has_played_it() -> None:
    table = Table()
    table.talk.send_text("Hello", table.now)
    assert is_open(table) and not speaks(table)
    table.created()
    table.audio(30_000)
    table.audio_done()
    table.done()
    assert speaks(table) and is_open(table)
    table.heard(played_ms=30_000)
    assert not speaks(table) and not is_open(table)


@pytest.mark.parametrize("size_ms", [1, 60])
def test_an_answer_too_short_to_start_the_speaker_counts_from_its_first_sample(size_ms: int) -> None:
    table = Table()
    table.created()
    table.audio(size_ms)
    assert speaks(table)
    assert brief(table.audio_done()) == [("end", "item_a", 0)]
    table.done()
    assert speaks(table)
    table.heard(played_ms=size_ms)
    assert not is_open(table)


@pytest.mark.parametrize("audio", [b"", b"\x01"])
def test_a_part_without_a_whole_sample_is_waited_for_by_nobody(audio: bytes) -> None:
    table = Table()
    table.created()
    fields = {"response_id": "resp_1", "item_id": "item_a", "content_index": 0}
    table.service("response.audio.delta", **fields, delta=b64encode(audio).decode())
    table.done()
    assert not is_open(table)


def test_an_answer_that_is_heard_as_fast_as_it_comes_is_open_until_its_response_is_done() -> None:
    table = Table()
    table.created()
    table.audio(100)
    table.audio_done()
    table.heard(played_ms=100)
    assert is_open(table) and not speaks(table)
    table.done()
    assert not is_open(table)


def test_every_part_of_an_answer_is_waited_for() -> None:
    table = Table()
    table.created()
    for item, index in (("item_a", 0), ("item_a", 1), ("item_b", 0)):
        table.audio(500, item=item, index=index)
        table.service("response.audio.done", response_id="resp_1", item_id=item, content_index=index)
    table.done()
    for item, index in (("item_a", 0), ("item_a", 1), ("item_b", 0)):
        assert is_open(table) and speaks(table)
        table.heard(item, index, 500)
    assert not is_open(table)


def test_g711_is_waited_for_too() -> None:
    table = Table({"output_audio_format": "g711_alaw"})
    table.created()
    delta = b64encode(bytes(1)).decode()
    table.service("response.audio.delta", response_id="resp_1", item_id="item_a", content_index=0, delta=delta)
    table.done()
    assert is_open(table)
    table.heard(played_ms=0)
    assert not is_open(table)


def test_sound_whose_response_nobody_named_ends_with_the_response_that_runs() -> None:
    # The speaker would wait for the rest for ever, and everybody for the speaker.
    table = Table()
    table.created()
    table.audio(20, response="")
    assert brief(table.done()) == [("end", "item_a", 0)]


def test_sound_that_comes_before_its_response_is_waited_for_until_that_is_done() -> None:
    table = Table()
    table.created("resp_0")
    table.audio(20, item="item_b", response="resp_1")
    table.created("resp_1")
    assert brief(table.done("resp_0")) == []
    assert brief(table.done("resp_1")) == [("end", "item_b", 0)]


def test_sound_after_the_end_of_its_response_ends_with_the_next() -> None:
    table = Table()
    table.created("resp_0")
    table.done("resp_0")
    table.audio(20, item="item_a", response="resp_0")
    table.created("resp_1")
    table.audio(20, item="item_b", response="resp_1")
    table.created("resp_2")
    assert brief(table.done("resp_1")) == [("end", "item_b", 0), ("end", "item_a", 0)]
    table.heard("item_a", 0, 20)
    table.heard("item_b", 0, 20)
    assert not speaks(table)


def test_without_a_speaker_the_answer_takes_the_time_it_would() -> None:
    table = Table(audible=False)
    table.created()
    table.audio(1000)
    table.done()
    assert table.talk.turn_open(table.now + 0.9)
    assert not table.talk.turn_open(table.now + 1.1)


def test_losing_the_speaker_ends_the_wait_for_it() -> None:
    table = Table()
    table.created()
    table.audio(1000)
    table.audio_done()
    table.done()
    assert brief(table.talk.inaudible(table.now)) == [("flush", "off_air")]
    assert not is_open(table)


def test_an_interrupted_answer_is_over_and_the_users_turn_is_open() -> None:
    table = Table()
    table.answering()
    table.speech_started()
    assert not speaks(table) and is_open(table)
    table.flushed(Heard("item_a", 0, 400))
    table.done(status="cancelled", type="cancelled", reason="turn_detected")
    speech_stopped(table)
    assert is_open(table)


def test_a_spoken_turn_is_open_from_its_first_sound_to_the_end_of_its_answer() -> None:
    table = Table()
    table.speech_started()
    assert is_open(table)
    speech_stopped(table)
    assert is_open(table)
    committed(table)
    assert is_open(table)
    table.created()
    table.done()
    assert not is_open(table)


def test_a_commit_that_is_told_late_asks_for_no_second_answer() -> None:
    table = Table()
    table.speech_started()
    speech_stopped(table)
    table.created()
    committed(table)
    table.done()
    assert not is_open(table)


def test_a_commit_alone_ends_a_spoken_turn_too() -> None:
    table = Table()
    committed(table)
    assert is_open(table)
    table.created()
    table.done()
    assert not is_open(table)


def test_speech_that_goes_on_in_the_same_item_awaits_its_answer() -> None:
    table = Table()
    for _ in range(2):
        table.speech_started()
        speech_stopped(table)
    committed(table)
    assert is_open(table)


def test_speech_that_was_thrown_away_awaits_no_answer() -> None:
    table = Table()
    table.speech_started()
    speech_stopped(table)
    table.service("input_audio_buffer.cleared")
    assert not is_open(table)


def test_a_service_that_does_not_answer_by_itself_leaves_the_turn_unanswered() -> None:
    table = Table({"turn_detection": {**VAD, "create_response": False}})
    table.speech_started()
    assert is_open(table)
    speech_stopped(table)
    committed(table)
    assert not is_open(table)
    table.talk.talk(True, table.now)
    assert is_open(table)


def test_a_manual_turn_is_open_from_the_key_to_the_end_of_its_answer() -> None:
    table = Table({"turn_detection": None})
    table.talk.talk(True, table.now)
    table.talk.microphone(bytes(960), table.now)
    assert is_open(table)
    table.talk.talk(False, table.now)
    committed(table)
    assert is_open(table)
    table.created()
    table.done()
    assert not is_open(table)


def test_an_answer_that_the_service_refuses_to_make_is_waited_for_no_longer() -> None:
    table = Table()
    create = table.talk.send_text("Hello", table.now)[-1]
    assert isinstance(create, Send)
    table.error(create.event["event_id"], "quota")
    assert not is_open(table)


def test_an_answer_that_waits_for_another_one_is_still_to_come() -> None:
    table = Table()
    table.answering(100)
    table.talk.send_text("And then?", table.now)
    table.talk.interrupt(table.now)
    assert is_open(table)


def test_a_function_call_ends_the_turn_because_nobody_answers_it() -> None:
    table = Table()
    table.created()
    table.service("response.function_call_arguments.done", item_id="item_f", call_id="call_1", arguments="{}")
    assert is_open(table)
    table.done()
    assert not is_open(table)


@pytest.mark.parametrize("result", ["completed", "failed"])
def test_a_tool_that_the_service_runs_keeps_the_turn_open_until_the_answer_to_it(result: str) -> None:
    table = Table()
    table.created()
    table.service("response.mcp_call_arguments.done", response_id="resp_1", item_id="item_m", arguments="{}")
    table.done()
    assert is_open(table)
    table.service("response.mcp_call.in_progress", item_id="item_m", output_index=0)
    assert is_open(table)
    assert brief(table.service(f"response.mcp_call.{result}", item_id="item_m", output_index=0)) == ["response.create"]
    assert is_open(table)
    table.created("resp_2")
    table.done("resp_2")
    assert not is_open(table)


def test_a_tools_call_that_was_cut_off_is_not_run() -> None:
    table = Table()
    table.created()
    table.service("response.mcp_call_arguments.done", response_id="resp_1", item_id="item_m", arguments="{}")
    table.done(status="cancelled", type="cancelled", reason="client_cancelled")
    assert not is_open(table)


def test_a_request_for_approval_ends_the_turn_because_nobody_answers_it() -> None:
    table = Table()
    table.created()
    table.service("response.mcp_call_arguments.done", response_id="resp_1", item_id="item_m", arguments="{}")
    item = {"id": "item_m", "type": "mcp_approval_request", "name": "search", "server_label": "docs"}
    table.service("conversation.item.created", item=item)
    table.done()
    assert not is_open(table)


def test_more_sound_of_a_part_that_was_heard_is_heard_too() -> None:
    # A service that uses an item's name again speaks again.
    table = Table()
    for _ in range(2):
        table.created()
        assert brief(table.audio(20)) == [("play", "item_a", 0, 960)]
        assert brief(table.audio_done()) == [("end", "item_a", 0)]
        table.done()
        assert is_open(table)
        table.heard(played_ms=20)
        assert not is_open(table)
