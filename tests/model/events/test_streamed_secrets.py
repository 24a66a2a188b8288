"""A secret that comes in pieces is hidden, however it is spelled and cut."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_common.redaction.escaped_text import (
    decodings,
    decodings_with_indices,
    has_escapes,
    without_escapes,
)
from voicelive_common.redaction.redact import redact_value
from voicelive_common.redaction.secret import Secret
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.events.streamed_secrets import StreamedSecrets
from voicelive_tui.model.session.fold import SessionFold

from tests.support.secret_spellings import AROUND, ESCAPES, PLAIN, SPELT, outside_marks

INDEXES: list[Any] = [0, None, -1, "0", {}, 0.2]
"""Values of `content_index` that all mean the first content part."""


def pieces(text: str, data: st.DataObject, max_length: int) -> list[str]:
    """Cut the text at any positions."""
    cut = []
    while text:
        size = data.draw(st.integers(1, max_length))
        cut.append(text[:size])
        text = text[size:]
    return cut


def shown(streams: StreamedSecrets, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the event as the journal keeps it."""
    return streams.clean(redact_value(event))


@given(SPELT, AROUND, AROUND, st.data())
def test_no_spelling_of_a_secret_comes_in_pieces(
    spelling: Any, before: str, after: str, data: st.DataObject
) -> None:
    value, spell = spelling
    secret, streams, spelt = Secret(value), StreamedSecrets(), spell(value)
    cut = pieces(before + spelt + after, data, len(value) - 1)
    said = "".join(
        shown(streams, {"type": "response.text.delta", "item_id": "a", "delta": piece})["delta"]
        for piece in cut
    )
    assert spelt not in outside_marks(said) or spelt in before or spelt in after
    assert "[hidden]" in said
    del secret


@given(PLAIN, st.data())
def test_no_mixture_of_escapes_comes_in_pieces(value: str, data: st.DataObject) -> None:
    secret, streams = Secret(value), StreamedSecrets()
    escape = data.draw(st.sampled_from(ESCAPES))
    escaped = "".join(
        escape(char) if not char.isalnum() or data.draw(st.booleans()) else char for char in value
    )
    cut = pieces(f"so: {escaped}, did you?", data, 9)
    said = "".join(
        shown(streams, {"type": "response.text.delta", "item_id": "a", "delta": piece})["delta"]
        for piece in cut
    )
    assert "[hidden]" in said and said.startswith("so: ") and said.endswith(", did you?")
    assert without_escapes(value) not in without_escapes(said)
    del secret


@pytest.mark.parametrize(
    "spelt",
    ["AbCdEfGh-1234", '{"k": "AbCdEfGh-1234"}', "\\u0041bCdEfGh%2D1234", "QWJDZEVmR2gtMTIzNA=="],
)
@pytest.mark.parametrize("size", [1, 3, 7])
def test_of_a_secret_in_pieces_the_first_letters_are_shown_at_most(spelt: str, size: int) -> None:
    secret, streams = Secret("AbCdEfGh-1234"), StreamedSecrets()
    said = "".join(
        shown(
            streams,
            {"type": "response.function_call_arguments.delta", "delta": spelt[at : at + size]},
        )["delta"]
        for at in range(0, len(spelt), size)
    )
    assert (
        "[hidden]" in said
        and "1234" not in without_escapes(said)
        and "AbCdEfGh" not in without_escapes(said)
    )
    del secret


KINDS = {
    "answer": [
        "response.text.delta",
        "response.audio_transcript.delta",
        "response.output_text.delta",
    ],
    "words of the person": ["conversation.item.input_audio_transcription.delta"],
    "arguments": ["response.function_call_arguments.delta", "response.mcp_call_arguments.delta"],
}


@pytest.mark.parametrize("kinds", KINDS.values(), ids=KINDS)
@given(PLAIN, st.data())
def test_what_the_transcript_joins_says_no_secret(
    kinds: list[str], value: str, data: st.DataObject
) -> None:
    secret, streams, fold = Secret(value), StreamedSecrets(), SessionFold()
    for n, piece in enumerate(pieces(f"You said {value}, did you?", data, len(value) - 1)):
        other: dict[str, Any] = data.draw(
            st.fixed_dictionaries(
                {"type": st.sampled_from(kinds)},
                optional={
                    "response_id": st.sampled_from(["r1", "r2"]),
                    "content_index": st.sampled_from(INDEXES),
                    "output_index": st.integers(0, 3),
                    "call_id": st.text(max_size=2),
                },
            )
        )
        fold.apply(
            Record(
                n, n / 10, "received", shown(streams, {"item_id": "a1", **other, "delta": piece})
            )
        )
        shown(streams, {"type": "response.text.delta", "item_id": "another", "delta": "meanwhile"})
    (line,) = fold.view().transcript
    assert "[hidden]" in line.text and value not in line.text
    del secret


def test_two_texts_that_are_not_joined_are_two_streams() -> None:
    secret, streams = Secret("correct-horse-battery"), StreamedSecrets()
    said = {0: "", 1: ""}
    for at in range(0, 21, 3):
        for part in said:
            event = {
                "type": "response.text.delta",
                "item_id": "a",
                "content_index": part,
                "delta": "correct-horse-battery"[at : at + 3],
            }
            said[part] += shown(streams, event)["delta"]
    assert said == {0: "correc[hidden]", 1: "correc[hidden]"}
    del secret


@given(st.text(st.sampled_from('\\u0041%25&#;xamp xyz"{}'), max_size=40) | AROUND)
def test_a_text_read_with_places_is_the_text_without_escapes(text: str) -> None:
    whole = f"{text} |"  # nothing at its end may be the beginning of a secret
    read = list(decodings_with_indices(whole, continues=True))
    assert [meaning for meaning, _ in read] == list(decodings(whole))
    for meaning, indices in read:
        assert (
            len(indices) == len(meaning) + 1
            and indices == sorted(indices)
            and indices[-1] == len(whole)
        )
    assert has_escapes(whole) or len(read) == 1


@pytest.mark.parametrize(
    "notation", [lambda text: json.dumps(json.dumps(text)), lambda text: quote(quote(text))]
)
def test_each_letter_is_found_where_it_is_written(notation: Any) -> None:
    text = 'a"b/c d%e'
    written = notation(text) + "|"
    *_, (meaning, indices) = decodings_with_indices(written, continues=False)
    for at, char in enumerate(meaning):
        assert without_escapes(written[indices[at] : indices[at + 1]]) == char


def test_a_long_text_of_backslashes_and_a_long_beginning_cost_little() -> None:
    secret, streams = Secret("correct-horse-battery"), StreamedSecrets()
    event = {"type": "response.text.delta", "item_id": "a", "delta": "\\" * 200_000}
    for _ in range(20):
        assert shown(streams, event) is event
    del secret


def test_base64_that_is_sound_is_no_text() -> None:
    secret = Secret("correct-horse-battery")
    event = {"type": "response.audio.delta", "delta": base64.b64encode(b"correct").decode()}
    assert StreamedSecrets().clean(event) is event
    del secret
