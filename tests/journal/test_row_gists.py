"""What a row says with the help of the events before it, and the gists of streams."""

from typing import Any

import pytest

from tests.support.indexed_journal import IndexedJournal

BUFFER = "input_audio_buffer"
TRANSCRIPTION = "conversation.item.input_audio_transcription"


@pytest.fixture
def journal() -> IndexedJournal:
    journal = IndexedJournal()
    journal("=", 0.0, "console.connected", service="azure", host="h")
    return journal


def say(journal: IndexedJournal, t_s: float, blocks: int) -> None:
    for block in range(blocks):
        journal(">", t_s + block * 0.02, f"{BUFFER}.append", audio_ms=20.0, audio="")


def item(item_id: str, kind: str = "message", **fields: Any) -> dict[str, Any]:
    return {"id": item_id, "type": kind, **fields}


def test_speech_says_when_it_began_and_how_long_it_was(journal: IndexedJournal) -> None:
    say(journal, 10.0, 200)
    journal("<", 14.0, f"{BUFFER}.speech_started", item_id="u1", audio_start_ms=1500)
    assert journal.gist() == "voice since 0:11.48"
    journal("<", 14.1, f"{BUFFER}.speech_started", item_id="u2", audio_start_ms=9_000)
    assert journal.gist() == "voice since 9.0 s into the sound"
    journal("<", 15.0, f"{BUFFER}.speech_stopped", item_id="u1", audio_end_ms=3_899)
    assert journal.gist() == "2.3 s of speech"


def test_the_audio_of_a_connection_counts_from_its_beginning(journal: IndexedJournal) -> None:
    say(journal, 1.0, 100)
    journal("=", 5.0, "console.connected", service="azure", host="h", connection=2)
    say(journal, 6.0, 100)
    journal("<", 8.0, f"{BUFFER}.speech_started", item_id="u1", audio_start_ms=1000)
    assert journal.gist() == "voice since 0:06.98"


def test_speech_during_an_answer_says_so(journal: IndexedJournal) -> None:
    journal("=", 1.0, "console.playback_started", item_id="a1")
    journal("<", 2.0, f"{BUFFER}.speech_started", item_id="u1", audio_start_ms=0)
    assert journal.gist() == "voice since 0.0 s into the sound, while the agent spoke"
    journal("=", 3.0, "console.playback_stopped", item_id="a1")
    journal("<", 4.0, f"{BUFFER}.speech_started", item_id="u2", audio_start_ms=0)
    assert journal.gist() == "voice since 0.0 s into the sound"


def test_a_turn_says_how_much_sound_is_in_the_buffer(journal: IndexedJournal) -> None:
    say(journal, 1.0, 60)
    journal(">", 3.0, f"{BUFFER}.clear")
    assert journal.gist() == "1.2 s thrown away"
    journal("<", 3.1, f"{BUFFER}.cleared")
    assert journal.gist() == "1.2 s were in it"
    say(journal, 4.0, 170)
    journal(">", 8.0, f"{BUFFER}.commit")
    assert journal.gist() == "3.4 s of sound"


def test_a_truncation_says_of_how_much(journal: IndexedJournal) -> None:
    journal("<", 0.5, "conversation.item.created", item=item("a1", role="assistant"))
    stopped: dict[str, Any] = {
        "item_id": "a1",
        "played_ms": 2100,
        "received_ms": 6800,
        "reason": "barge_in",
    }
    journal("=", 1.0, "console.playback_stopped", **stopped)
    journal(">", 1.0, "conversation.item.truncate", item_id="a1", audio_end_ms=2100)
    assert journal.gist() == "keep 2 100 of 6 800 ms"
    journal("<", 1.1, "conversation.item.truncated", item_id="a1", audio_end_ms=2100)
    assert journal.gist() == "2 100 ms kept"
    journal("<", 1.2, "conversation.item.truncated", item_id="a2", audio_end_ms=900)
    assert journal.gist() == "900 ms kept, by the service itself"


def test_an_item_that_is_only_named_is_told_by_its_words(journal: IndexedJournal) -> None:
    answer = item("a1", role="assistant", content=[{"type": "audio", "transcript": "Done."}])
    journal("<", 1.0, "response.output_item.done", item=answer)
    journal("<", 1.0, "conversation.item.created", item=item("u1", role="user"))
    journal("<", 1.1, f"{TRANSCRIPTION}.completed", item_id="u1", transcript="Where is it?")
    for type_name in ("delete", "retrieve"):
        journal(">", 2.0, f"conversation.item.{type_name}", item_id="a1")
        assert journal.gist() == "agent: Done."
    journal("<", 2.1, "conversation.item.deleted", item_id="u1")
    assert journal.gist() == "you: Where is it?"


def test_an_output_names_its_call(journal: IndexedJournal) -> None:
    call = item("c1", "function_call", call_id="call_1", name="get_parcel", arguments="{}")
    journal("<", 1.0, "response.output_item.done", item=call)
    output = item("o1", "function_call_output", call_id="call_1", output='{"ok": true}')
    journal(">", 1.5, "conversation.item.create", item=output)
    assert journal.gist() == 'output of get_parcel: {"ok": true}'
    journal("<", 1.6, "conversation.item.created", item=output)
    assert journal.gist() == "output of get_parcel"


def test_a_tool_of_a_server_is_named_through_its_states(journal: IndexedJournal) -> None:
    asked = item("q1", "mcp_approval_request", name="clock", server_label="sim")
    journal("<", 0.5, "conversation.item.created", item=asked)
    answer = item("", "mcp_approval_response", approval_request_id="q1", approve=False)
    journal(">", 0.6, "conversation.item.create", item=answer)
    assert journal.gist() == "clock refused"
    call = item("m1", "mcp_call", name="clock", server_label="sim")
    journal("<", 1.0, "response.output_item.added", item=call)
    journal("<", 1.0, "response.mcp_call.in_progress", item_id="m1")
    assert journal.gist() == "clock of sim"
    journal("<", 1.0, "response.mcp_call_arguments.done", item_id="m1", arguments='{"zone": 1}')
    assert journal.gist() == "clock(zone=1)"
    journal("<", 1.8205, "response.mcp_call.completed", item_id="m1")
    assert journal.gist() == "clock of sim, 820 ms"


def test_the_listing_of_tools_names_the_server(journal: IndexedJournal) -> None:
    tools = item("t1", "mcp_list_tools", server_label="sim", tools=[])
    journal("<", 1.0, "conversation.item.created", item=tools)
    journal("<", 1.0, "mcp_list_tools.in_progress", item_id="t1")
    assert journal.gist() == "sim"
    full = {**tools, "tools": [{"name": "add"}, {"name": "clock"}]}
    journal("<", 1.1, "conversation.item.created", item=full)
    journal("<", 1.2, "mcp_list_tools.completed", item_id="t1")
    assert journal.gist() == "sim: add, clock"


def test_a_search_says_for_what_and_how_long(journal: IndexedJournal) -> None:
    search = item("w1", "web_search_call", action={"type": "search", "query": "post hours"})
    journal("<", 1.0, "response.output_item.added", item=search)
    journal("<", 1.0, "response.web_search_call.in_progress", item_id="w1")
    assert journal.gist() == "post hours"
    journal("<", 2.25, "response.web_search_call.completed", item_id="w1")
    assert journal.gist() == "post hours, 1.2 s"
    found = item("f1", "file_search_call", queries=["hours"], results=[{}, {}, {}])
    journal("<", 3.0, "response.output_item.done", item=found)
    journal("<", 3.0, "response.file_search_call.completed", item_id="f1")
    assert journal.gist() == "hours, 3 hits"


def test_an_update_says_what_it_changes_and_its_answer_what_became_of_it(
    journal: IndexedJournal,
) -> None:
    detection = {"type": "server_vad", "threshold": 0.3, "silence_duration_ms": 500}
    journal(">", 0.1, "session.update", session={"turn_detection": detection, "tools": []})
    assert journal.gist() == "first: 4 keys"
    journal("<", 0.2, "session.updated", session={"turn_detection": detection, "tools": []})
    assert journal.gist() == "applied"
    changed = {"turn_detection": {**detection, "threshold": 0.5, "silence_duration_ms": 800}}
    journal(">", 1.0, "session.update", session=changed)
    assert journal.gist() == "threshold 0.3 to 0.5, silence 500 to 800"
    journal(">", 1.1, "session.update", session={"instructions": "Be short. " * 50})
    assert journal.gist() == "instructions"
    in_force = {"turn_detection": {"type": "server_vad", "silence_duration_ms": 1000}}
    journal("<", 1.2, "session.updated", session=in_force)
    assert journal.gist() == "ignored threshold, silence 800 became 1000"


def test_an_error_names_the_event_that_it_answers(journal: IndexedJournal) -> None:
    journal(">", 58.94, "session.update", event_id="event_1", session={})
    fault = {"code": "cannot_update_voice", "message": "Too late.", "event_id": "event_1"}
    journal("<", 59.0, "error", error=fault)
    assert journal.gist() == "cannot_update_voice, for session.update 0:58.9: Too late."
    journal("<", 59.1, "error", error={"code": None, "message": None, "event_id": "event_1"})
    assert journal.gist() == "no reason given, for session.update 0:58.9"
    journal("<", 59.1, "error", error={**fault, "event_id": "event_9"})
    assert journal.gist() == "cannot_update_voice: Too late."


def test_the_end_of_a_stream_says_how_much_it_was(journal: IndexedJournal) -> None:
    journal("<", 1.0, "response.created", response={})
    for part in range(31):
        journal("<", 1.0 + part / 10, "response.audio.delta", audio_ms=200.0, item_id="a1")
        journal("<", 1.0 + part / 10, "response.audio_timestamp.delta", text="so")
    journal("<", 5.0, "response.audio_timestamp.done")
    assert journal.gist() == "31 words"
    journal("<", 5.0, "response.audio.done", item_id="a1")
    assert journal.gist() == "6.2 s, 31 parts"
    journal("<", 5.1, "response.audio.done", item_id="a2")
    assert journal.gist() == ""


def test_typed_text_says_its_length(journal: IndexedJournal) -> None:
    for piece in ("Can a ", "neighbour"):
        journal(">", 1.0, "input_text.delta", id="u1", delta=piece)
    journal(">", 1.0, "input_text.done", id="u1")
    assert journal.gist() == "15 characters"


def test_the_rows_of_streams(journal: IndexedJournal) -> None:
    for part in range(5):
        t_s = 1.0 + part * 0.1 + (0.21 if part > 2 else 0)
        journal("<", t_s, "response.audio.delta", audio_ms=500.0, item_id="a1")
        words = ("Done.", " The", " driver", " will", " ring.")[part]
        journal("<", t_s, "response.audio_transcript.delta", item_id="a1", delta=words)
        viseme: dict[str, Any] = {"viseme_id": part, "audio_offset_ms": part * 500}
        journal("<", t_s, "response.animation_viseme.delta", **viseme)
        frames: dict[str, Any] = {"frames": [[0.0]] * 20, "frame_index": part * 20}
        journal("<", t_s, "response.animation_blendshapes.delta", **frames)
    assert journal.rows()[1:] == [
        "2.5 s, 4.0x real time, gap 310 ms",
        "Done. The driver will ring.",
        "5 shapes, 2.0 s",
        "100 frames",
    ]


def test_streams_that_come_mixed_have_their_own_figures(journal: IndexedJournal) -> None:
    for part in range(4):
        for at, item_id in enumerate(("a1", "a2")):
            t_s = 1.0 + part * 0.2 + at * 0.1
            journal("<", t_s, "response.audio.delta", audio_ms=310.0, item_id=item_id)
            journal("<", t_s, "response.text.delta", item_id=item_id, delta=f"{item_id} ")
    sound = "1.2 s, 2.0x real time, gap 200 ms"
    assert journal.rows()[1:] == [sound, "a1 a1 a1 a1", sound, "a2 a2 a2 a2"]


def test_the_row_of_the_microphone(journal: IndexedJournal) -> None:
    say(journal, 1.0, 212)
    assert journal.rows()[1:] == ["4.24 s, 20 ms each, gap 20 ms"]


def test_a_row_grows_with_its_stream_and_keeps_the_beginning_of_its_text(
    journal: IndexedJournal,
) -> None:
    for piece in ("Done.", " The"):
        journal("<", 1.0, "response.text.delta", item_id="a1", delta=piece)
    assert journal.rows()[1:] == ["Done. The"]
    journal("<", 1.2, "response.text.delta", item_id="a1", delta=" driver")
    assert journal.rows()[1:] == ["Done. The driver"]
    for _ in range(100):
        journal("<", 1.3, "response.text.delta", item_id="a1", delta=" and on")
    (row,) = journal.rows()[1:]
    assert row.startswith("Done. The driver and on") and row.endswith("…")


def test_a_stream_of_an_unknown_type_is_told_by_its_last_event(journal: IndexedJournal) -> None:
    for _ in range(3):
        journal("<", 1.0, "response.smell.delta", delta="UklGRiQAAABXQVZF")
    assert journal.rows()[1:] == ["new: delta"]
