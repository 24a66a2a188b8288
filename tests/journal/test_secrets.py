"""No secret of this process reaches a session's folder, in whatever frame a service repeats it."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from voicelive_common.redaction.secret import SHORTEST, Secret, why_shown
from voicelive_tui.journal.reader import frame_text, read_folder
from voicelive_tui.model.events.audio_field import decode_audio
from voicelive_tui.protocol.wire import Malformed, decode

from tests.journal.support.journals import append_event, journal_in

VALUES = st.text(
    st.characters(min_codepoint=33, max_codepoint=126), min_size=SHORTEST, max_size=24
).filter(
    lambda value: (
        not why_shown(value)
        and value not in "[hidden]"
        and not value.isdigit()
        and len(set(value)) > 4
    )
)


def frames(value: str) -> list[str | bytes]:
    """Return the frames in which a service may repeat a value: JSON with every kind of escape, and
    malformed frames."""
    audio = {**append_event(b"\x01\x02" * 480), "note": value}
    every_letter = "".join(f"\\u{ord(char):04X}" for char in value)
    return [
        json.dumps({"type": "error", "error": {"message": f"bad {value}", "param": [value]}}),
        json.dumps({"type": "x", value: 1}),
        '{"type": "error", "message": "' + every_letter + '"}',
        json.dumps(audio),
        json.dumps({"type": "x", "text": value}, indent=1),
        '{"type": "response.done", "x": NaN, "text": "' + every_letter + '"}',
        '{"type": "response.done", "x": NaN, "'
        + value.replace("\\", "\\\\").replace('"', '\\"')
        + '": 1}',
        f'{{"type": "error", "message": "{value}',
        json.dumps([value]),
        '{"type": "x", "a": ' + json.dumps(value) + ', "a": "the last one of two counts"}',
        b"\xff\xfe" + value.encode() + b"\x00",
        f"wss://h.example/?api-key={value}",
    ]


@pytest.fixture(scope="module")
def own_text(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What a journal writes by itself around the frames, such as `,"event"`, whatever is secret."""
    journal = journal_in(tmp_path_factory.mktemp("own"))
    journal.append("received", '{"type":"x"}', {"type": "x"}, 0.1)
    journal.append("received", "malformed", None, 0.1, standard=False)
    journal.append_local("console.notice", 0.2, text="it")
    journal.close()
    return b"".join(path.read_bytes() for path in Path(journal.folder).iterdir())


@settings(max_examples=30)
@given(VALUES)
def test_no_frame_brings_a_secret_to_the_disk(
    tmp_path_factory: pytest.TempPathFactory, own_text: bytes, value: str
) -> None:
    assume(value.encode() not in own_text)
    secret = Secret(value)
    journal = journal_in(tmp_path_factory.mktemp("journal"))
    sent = frames(value)
    for raw in sent:
        found = decode(raw)
        broken = isinstance(found, Malformed)
        event = found.event if isinstance(found, Malformed) else found
        record = journal.append(
            "received", raw, event or None, 0.1, audio=decode_audio(event), standard=not broken
        )
        assert value not in json.dumps(record.event, ensure_ascii=False) and value not in record.raw
    journal.append_local("console.notice", 0.2, text=f"it said {value}")
    journal.update_meta(host=value)
    journal.close()
    written = b"".join(path.read_bytes() for path in Path(journal.folder).iterdir())
    assert value.encode() not in written
    assert json.dumps(value)[1:-1].encode() not in written
    assert base64.b64encode(value.encode())[:-4] not in written
    recorded = read_folder(journal.folder)
    assert recorded.index.count == len(sent) + 1
    shown = [frame_text(recorded.index, n) for n in range(len(sent))]
    assert not [text for text in shown if value in text or value in str(decode(text))]
    assert not [n for n in range(len(sent)) if value in recorded.index.record(n).raw]
    del secret


def test_a_key_that_only_its_shape_tells_is_hidden_in_events_and_profile_alike(
    tmp_path: Path,
) -> None:
    key = "sk-proj-abcDEF0123456789abcdef"
    toml = f'# {key}\n[session]\ninstructions = "say {key}"\n'
    journal = journal_in(tmp_path, profile_toml=toml)
    event = {"type": "session.update", "session": {"instructions": f"say {key}"}}
    assert (
        journal.append("sent", json.dumps(event), event, 0.1).event["session"]["instructions"]
        == "say [hidden]"
    )
    journal.close()
    written = {path.name: path.read_bytes() for path in Path(journal.folder).iterdir()}
    assert not [name for name, data in written.items() if key.encode() in data]
    assert written["profile.toml"].decode() == toml.replace(key, "[hidden]")


def test_an_answer_in_pieces_brings_no_secret_to_the_disk(tmp_path: Path) -> None:
    value = "correct-horse-battery"
    secret = Secret(value)
    journal = journal_in(tmp_path)
    shown = ""
    for start in range(0, len(value), 3):
        event = {"type": "response.text.delta", "item_id": "a1", "delta": value[start : start + 3]}
        shown += journal.append("received", json.dumps(event), event, 0.1).event["delta"]
    journal.close()
    assert shown == "correc[hidden]"
    recorded = read_folder(journal.folder)
    assert (
        "".join(recorded.index.record(n).event["delta"] for n in range(recorded.index.count))
        == shown
    )
    del secret


@pytest.mark.parametrize("number", ["{}", "{}.0", "{}e0", "1{}.5", "{},"])
def test_a_key_of_digits_reaches_no_disk_as_a_number(tmp_path: Path, number: str) -> None:
    value = "98765432101234567890"
    secret = Secret(value)
    journal = journal_in(tmp_path)
    raw = '{"type":"error","error":{"code":%s}}' % number.format(value)  # noqa: UP031
    event = decode(raw)
    broken = isinstance(event, Malformed)
    journal.append(
        "received",
        raw,
        event.event or None if isinstance(event, Malformed) else event,
        0.1,
        standard=not broken,
    )
    journal.close()
    (line,) = (Path(journal.folder) / "events.jsonl").read_text().splitlines()
    assert value[:15] not in line and "[hidden]" in line
    assert json.loads(line)["dir"] == "received"
    del secret
