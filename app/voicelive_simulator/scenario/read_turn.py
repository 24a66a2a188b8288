"""Reads a [[turn]] table."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from voicelive_simulator.dialogue.state.script import MOST_SPOKEN_CHARS, Outcome, Pacing
from voicelive_simulator.scenario.condition import FROM_1, Condition, Numbers
from voicelive_simulator.scenario.entry import CallPlan, HeardSpeech, ScriptedReply, ScriptedTurn
from voicelive_simulator.scenario.read_faults import read_faults
from voicelive_simulator.scenario.template import Template, TemplateError, parse_template
from voicelive_simulator.scenario.toml_reader import TomlReader

MOST_MS = 600_000
PACING_KEYS = ("first_delta_ms", "pace", "delta_ms", "jitter_ms")
_WORD_KEYS = ("text", "text_regex", "earlier_regex", "tool", "output", "output_regex")
_EARLIER_ROLES = ("user", "assistant", "system", "tool")
_HEARING_KEYS = ("hears", "unfinished", "transcription_error")
_ANSWER_KEYS = ("says", "calls", "status", "reason", "error", "fault", "faults", *PACING_KEYS)
_RANGE = re.compile(r"\s*(\d{1,9})\s*(?:(-)\s*(\d{1,9})?\s*)?")


def read_pacing(table: TomlReader, default: Pacing) -> Pacing:
    first_delta_ms = table.integer("first_delta_ms", 0, MOST_MS)
    pace = table.number("pace", 0.01, 1000.0)
    delta_ms = table.integer("delta_ms", 5, 10_000)
    jitter_ms = table.integer("jitter_ms", 0, MOST_MS)
    return replace(
        default,
        first_delta_ms=default.first_delta_ms if first_delta_ms is None else first_delta_ms,
        pace=pace or default.pace,
        delta_ms=delta_ms or default.delta_ms,
        jitter_ms=default.jitter_ms if jitter_ms is None else jitter_ms,
    )


def read_turn(table: TomlReader, pacing: Pacing) -> ScriptedTurn:
    """Read one entry. `pacing` is the scenario's."""
    when = _condition(table)
    times = table.integer("times", 1, 1_000_000)
    hearing = _hearing(table, when)
    answer = _answer(table, pacing, _groups(when))
    if not table.has(*_HEARING_KEYS, *_ANSWER_KEYS):
        table.add_problem("", "it has conditions but no effect: add says, calls, hears or a fault")
    table.check_unknown_keys()
    return ScriptedTurn(when, times, hearing, answer)


def _condition(table: TomlReader) -> Condition:
    least, most = (
        table.integer("min_speech_ms", 0, MOST_MS),
        table.integer("max_speech_ms", 0, MOST_MS),
    )
    if least is not None and most is not None and least > most:
        table.add_problem(
            "min_speech_ms", "it is more than max_speech_ms, so that no turn can match"
        )
    earlier_role = table.choice("earlier_role", _EARLIER_ROLES)
    if earlier_role and not table.has("earlier_regex"):
        table.add_problem("earlier_role", "it needs earlier_regex, which is searched in its items")
    spoken = table.boolean("spoken")
    if spoken is False and (least is not None or most is not None):
        table.add_problem(
            "spoken",
            "a typed turn has no speech to measure: leave out min_speech_ms and max_speech_ms",
        )
    return Condition(
        turns=_numbers(table, "turn", 0),
        sessions=_numbers(table, "session", 1),
        models=table.texts("model"),
        spoken=spoken,
        min_speech_ms=least,
        max_speech_ms=most,
        texts=table.texts("text"),
        text_pattern=table.pattern("text_regex"),
        tools=table.texts("tool"),
        outputs=table.texts("output"),
        output_pattern=table.pattern("output_regex"),
        earlier_role=earlier_role,
        earlier_pattern=table.pattern("earlier_regex"),
    )


def _numbers(table: TomlReader, key: str, least: int) -> Numbers:
    value = table.value(key)
    if value is None:
        return FROM_1
    ranges = [_range(entry, least) for entry in (value if isinstance(value, list) else [value])]
    if not ranges or None in ranges:
        table.add_problem(
            key,
            f'expected a number from {least}, a range such as "2-4" or "3-", or a list of these',
        )
        return FROM_1
    return Numbers(tuple(span for span in ranges if span is not None))


def _range(entry: Any, least: int) -> tuple[int, int | None] | None:
    if isinstance(entry, int) and not isinstance(entry, bool):
        return (entry, entry) if entry >= least else None
    found = _RANGE.fullmatch(entry) if isinstance(entry, str) else None
    if not found:
        return None
    low = int(found[1])
    high = None if found[2] and not found[3] else int(found[3] or low)
    return (low, high) if low >= least and (high is None or low <= high) else None


def _hearing(table: TomlReader, when: Condition) -> HeardSpeech | None:
    transcripts = table.texts("hears")
    unfinished = table.boolean("unfinished")
    failed = table.text("transcription_error")
    given = [key for key in _HEARING_KEYS if table.has(key)]
    if not given:
        return None
    if when.needs_words:
        word_key = next(key for key in _WORD_KEYS if table.has(key))
        table.add_problem(
            word_key,
            f"no words are known before {given[0]} gives them: match by turn, spoken or "
            "min_speech_ms",
        )
    if when.spoken is False:
        table.add_problem("spoken", f"a typed turn is not heard: leave out {given[0]}")
    if table.has("transcription_error") and not failed:
        table.add_problem("transcription_error", "it needs the message that the error shows")
    if failed and transcripts:
        table.add_problem(
            "transcription_error", "a transcription that fails has no transcript: leave out hears"
        )
    return HeardSpeech(transcripts, not unfinished, failed)


def _answer(table: TomlReader, pacing: Pacing, groups: tuple[str, ...]) -> ScriptedReply | None:
    says = tuple(_template(table, "says", text, groups) for text in table.texts("says"))
    calls = tuple(_call(call, groups) for call in table.tables("calls"))
    answer = ScriptedReply(
        says or None,
        calls,
        read_pacing(table, pacing),
        _outcome(table),
        read_faults(table, handshake=False),
    )
    return answer if table.has(*_ANSWER_KEYS) else None


def _groups(when: Condition) -> tuple[str, ...]:
    patterns = (when.text_pattern, when.output_pattern, when.earlier_pattern)
    return tuple(name for pattern in patterns if pattern for name in pattern.groupindex)


def _template(table: TomlReader, key: str, text: str, groups: tuple[str, ...]) -> Template:
    if len(text) > MOST_SPOKEN_CHARS:
        table.add_problem(
            key, f"a text of {len(text)} characters is too long: {MOST_SPOKEN_CHARS} at most"
        )
    try:
        return parse_template(text, groups)
    except TemplateError as error:
        table.add_problem(key, str(error))
        return Template((text,))


def _call(table: TomlReader, groups: tuple[str, ...]) -> CallPlan:
    name, label = table.name("name"), table.text("server_label")
    arguments: Any
    if isinstance(table.value("arguments"), str):
        arguments = table.text("arguments")
    else:
        arguments = _templates(table, table.object("arguments") or {}, groups)
    table.check_unknown_keys()
    return CallPlan(name, arguments, label)


def _templates(table: TomlReader, value: Any, groups: tuple[str, ...]) -> Any:
    match value:
        case str():
            return _template(table, "arguments", value, groups)
        case dict():
            return {key: _templates(table, entry, groups) for key, entry in value.items()}
        case list():
            return [_templates(table, entry, groups) for entry in value]
        case _:
            return value


def _outcome(table: TomlReader) -> Outcome:
    """Read how the response ends. `reason` alone means incomplete, and `error` alone failed."""
    status = table.choice("status", ("completed", "incomplete", "failed"))
    reason = table.choice("reason", ("max_output_tokens", "content_filter"))
    error = table.table("error")
    code, message = "server_error", "The scenario makes this response fail."
    if error:
        code, message = error.text("code", code), error.text("message", message)
        error.check_unknown_keys()
    status = status or ("failed" if error else "incomplete" if reason else "completed")
    if reason and status != "incomplete":
        table.add_problem(
            "reason", f'only an incomplete response has a reason, and this one is "{status}"'
        )
    if error and status != "failed":
        table.add_problem(
            "error", f'only a failed response has an error, and this one is "{status}"'
        )
    match status:
        case "failed":
            return Outcome("failed", None, code, message)
        case "incomplete":
            return Outcome("incomplete", reason or "max_output_tokens")
        case _:
            return Outcome()
