"""The type as which the folds take a record."""

from dataclasses import replace
from typing import Any

import pytest
from voicelive_tui.model.events.record import MALFORMED, Record
from voicelive_tui.model.session.fold import SessionFold


@pytest.mark.parametrize(
    ("event", "raw", "type_name", "kind"),
    [
        ({"type": "response.audio.delta"}, "", "response.audio.delta", "response.audio.delta"),
        (
            {"type": "response.output_audio.delta"},
            "",
            "response.output_audio.delta",
            "response.audio.delta",
        ),
        ({"type": "rtc.unheard_of"}, "", "rtc.unheard_of", "rtc.unheard_of"),
        ({}, '{"type":"response.done","resp', MALFORMED, "response.done"),
        ({}, "neither", MALFORMED, MALFORMED),
        ({"type": 7}, "", MALFORMED, MALFORMED),
    ],
)
def test_a_record_has_its_own_type_and_the_canonical_one(
    event: dict[str, Any], raw: str, type_name: str, kind: str
) -> None:
    record = Record(0, 0.0, "received", event, raw)
    assert (record.type, record.kind) == (type_name, kind)


def test_a_record_with_another_event_has_another_kind() -> None:
    record = Record(0, 0.0, "received", {"type": "conversation.item.added"})
    assert replace(record, event={"type": "response.output_text.done"}).kind == "response.text.done"


def test_a_frame_that_cannot_be_read_leaves_the_settings_as_they_were() -> None:
    fold = SessionFold()
    fold.apply(Record(0, 0.0, "received", {"type": "session.updated", "session": {"id": "s1"}}))
    fold.apply(Record(1, 1.0, "received", {}, '{"type":"session.updated","session":{"id'))
    assert fold.view().session_id == "s1"
