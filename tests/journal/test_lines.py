"""Every frame can be restored exactly, live and from disk, whatever it holds."""

import base64
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_tui.journal.lines import LineError
from voicelive_tui.journal.reader import frame_text, read_folder
from voicelive_tui.model.events.audio_field import AUDIO_FIELD, decode_audio
from voicelive_tui.model.formats import AudioFormat

from tests.journal.support.journals import journal_in

TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.just("AAAA"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(TEXT | st.sampled_from(["$wav", "delta", "audio"]), inner, max_size=3)
    ),
    max_leaves=6,
)
CANONICAL = st.binary(max_size=64).map(lambda data: base64.b64encode(data).decode())
AUDIO = st.one_of(
    CANONICAL,
    st.sampled_from(
        ["", "AAAA", "AAB=", "AA==", "A", "AA=", "AA A", "A-_A", "type", "ÄÄÄÄ", "AAAA\n"]
    ),
    st.fixed_dictionaries(
        {
            "$wav": st.sampled_from(["agent.wav", "../../etc/passwd", None]),
            "offset": st.just(44),
            "bytes": st.just(4),
        }
    ),
    st.none(),
)


@st.composite
def frames(draw: st.DrawFn) -> tuple[str, str | bytes]:
    """Generate a direction and a frame with any type, key order, white space, escapes and spelling
    of its audio."""
    type_name = draw(st.sampled_from([*AUDIO_FIELD, "response.done"]))
    fields: dict[str, Any] = draw(st.dictionaries(TEXT, JSON, max_size=3))
    fields |= {"type": type_name, AUDIO_FIELD.get(type_name, "delta"): draw(AUDIO)}
    order = draw(st.permutations(list(fields)))
    text = json.dumps(
        {name: fields[name] for name in order},
        ensure_ascii=draw(st.booleans()) or not _encodable(fields),
        indent=draw(st.sampled_from([None, 0, 2])),
        separators=draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,  ", "\t:\t")])),
    )
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    if draw(st.booleans()):
        text = text.replace("/", "\\/")
    return draw(st.sampled_from(["sent", "received"])), text.encode() if draw(
        st.booleans()
    ) else text


def _encodable(fields: dict[str, Any]) -> bool:
    try:
        json.dumps(fields, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


FORMATS = st.sampled_from(
    [
        AudioFormat(),
        AudioFormat("pcm16", 16_000),
        AudioFormat("g711_ulaw", 8_000),
        AudioFormat("g711_alaw", 8_000),
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(frames(), FORMATS), min_size=1, max_size=8))
def test_frames_come_back_exactly(conversation: list[tuple[Any, Any]]) -> None:
    with tempfile.TemporaryDirectory() as root:
        journal = journal_in(Path(root))
        for (direction, frame), audio_format in conversation:
            journal.set_formats(mic=audio_format, assistant=audio_format)
            event = json.loads(frame)
            journal.append(direction, frame, event, 0.5, audio=decode_audio(event))
        expected = [frame for (_, frame), _ in conversation]
        assert [journal.index.frame(n) for n in range(len(expected))] == expected
        sizes = [journal.index.size_bytes(n) for n in range(len(expected))]
        assert sizes == [
            len(frame.encode() if isinstance(frame, str) else frame) for frame in expected
        ]
        journal.close()
        recorded = read_folder(journal.folder)
        try:
            assert recorded.problems == ()
            assert [recorded.index.frame(n) for n in range(recorded.index.count)] == expected
            assert [recorded.index.size_bytes(n) for n in range(recorded.index.count)] == sizes
            live = [
                (journal.index.record(n), journal.index.audio_ms(n)) for n in range(len(expected))
            ]
            assert [
                (recorded.index.record(n), recorded.index.audio_ms(n)) for n in range(len(expected))
            ] == live
        finally:
            recorded.index.close()
            journal.index.close()


@settings(deadline=None, max_examples=30)
@given(st.lists(TEXT | st.binary(max_size=20), min_size=1, max_size=6))
def test_malformed_frames_come_back_exactly(conversation: list[str | bytes]) -> None:
    with tempfile.TemporaryDirectory() as root:
        journal = journal_in(Path(root))
        for frame in conversation:
            journal.append("received", frame, None, 0.5)
        journal.close()
        recorded = read_folder(journal.folder)
        assert [recorded.index.frame(n) for n in range(recorded.index.count)] == conversation
        assert all(
            recorded.index.error(n) and recorded.index.type_name(n) == "(malformed)"
            for n in range(recorded.index.count)
        )
        recorded.index.close()
        journal.index.close()


def test_a_reference_of_the_wires_own_reads_no_file(tmp_path: Path) -> None:
    """A hostile service may send what looks like a reference of the journal; it is shown as
    received."""
    (tmp_path / "secret").write_text("do not read")
    journal = journal_in(tmp_path / "sessions")
    frame = json.dumps(
        {
            "type": "response.audio.delta",
            "delta": {"$wav": "../../secret", "offset": 0, "bytes": 11},
        }
    )
    event = json.loads(frame)
    record = journal.append("received", frame, event, 0.0, audio=decode_audio(event))
    journal.close()
    assert frame_text(journal.index, record.n) == frame
    recorded = read_folder(journal.folder)
    assert frame_text(recorded.index, 0) == frame


def test_without_sound_the_frame_cannot_be_rebuilt_and_says_so(tmp_path: Path) -> None:
    journal = journal_in(tmp_path, record="events")
    frame = json.dumps({"type": "response.audio.delta", "delta": "AAAA"})
    event = json.loads(frame)
    record = journal.append("received", frame, event, 0.0, audio=decode_audio(event))
    assert record.event["delta"] == {"$wav": None, "bytes": 3, "ms": 0.062}
    journal.close()
    with pytest.raises(LineError, match="audio was not recorded"):
        frame_text(journal.index, 0)
    assert not list(Path(journal.folder).glob("*.wav"))
