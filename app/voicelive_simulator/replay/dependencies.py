"""Finds which events of the service were caused by which client event: a reply must not be served
before its request.

Most events of the service follow from its earlier ones (a running response, a turn that was heard);
only the first effect of a client event waits for that event. Replies on which nothing else depends
are `loose`: a client that does not ask does not get them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.replay.journal_line import APPEND, MALFORMED, Line

_UNCAUSED = (
    "session.created", "rate_limits.updated", "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped", "conversation.item.input_audio_transcription.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Effect:
    """Frame `at` (an index into the recording's frames) is the first effect of client event number
    `event`."""

    event: int
    at: int
    loose: bool


def effects(frames: Sequence[Line]) -> list[Effect]:
    """The effects of the client events, which are numbered in the order in which they were sent,
    without appends. Some events have no effect."""
    return list(_EffectFinder(frames).all())


class _EffectFinder:
    def __init__(self, frames: Sequence[Line]) -> None:
        self._frames = frames
        self._by_type: dict[str, list[int]] = defaultdict(list)
        self._errors: dict[str, int] = {}
        self._claimed: set[int] = set()
        for at, line in enumerate(frames):
            if line.direction != "received":
                continue
            self._by_type[line.type].append(at)
            event_id = _table(line.event, "error").get("event_id") if line.type == "error" else None
            if isinstance(event_id, str) and event_id:
                self._errors.setdefault(event_id, at)
        self._committed = {
            _text(frames[at].event, "item_id")
            for at in self._by_type["input_audio_buffer.committed"]
        }
        self._outputs = {
            _text(_table(frames[at].event, "item"), "id")
            for at in self._by_type["response.output_item.added"]
        }

    def all(self) -> Iterable[Effect]:
        sent = (
            at
            for at, line in enumerate(self._frames)
            if line.direction == "sent" and line.type != APPEND
        )
        for number, at in enumerate(sent):
            found = self._effect(at)
            if found is not None:
                self._claimed.add(found[0])
                yield Effect(number, *found)

    def _effect(self, at: int) -> tuple[int, bool] | None:
        event = self._frames[at].event or {}
        refused = self._errors.get(_text(event, "event_id"))
        if refused is not None and refused > at:
            return refused, True
        reply = self._reply(at, self._frames[at].type, event)
        if reply is None and not _text(event, "event_id"):
            # An error can only name an event that had an id.
            unnamed = self._first(
                at, "error", lambda error: not _text(_table(error, "error"), "event_id")
            )
            return None if unnamed is None else (unnamed, True)
        return reply

    def _reply(self, at: int, kind: str, event: JSON) -> tuple[int, bool] | None:
        item_id = _text(event, "item_id")
        match kind:
            case "session.update":
                return _firm(self._first(at, "session.updated"))
            case "input_audio_buffer.commit":
                return _firm(self._first(at, "input_audio_buffer.committed"))
            case "conversation.item.create":
                return _firm(self._item_created(at, _table(event, "item")))
            case "response.create":
                return _firm(
                    self._first(at, "response.created", lambda reply: _same_metadata(event, reply))
                )
            case "response.cancel":
                return _firm(self._cancelled(at, _text(event, "response_id")))
            case "session.avatar.connect":
                return _firm(self._first(at, "session.avatar.connecting"))
            case "input_audio_buffer.clear" | "output_audio_buffer.clear":
                return _loose(self._first(at, f"{kind}ed"))
            case "conversation.item.truncate" | "conversation.item.delete":
                return _loose(
                    self._first(at, f"{kind}d", lambda reply: _text(reply, "item_id") == item_id)
                )
            case "conversation.item.retrieve":
                return _loose(
                    self._first(
                        at, f"{kind}d", lambda reply: _text(_table(reply, "item"), "id") == item_id
                    )
                )
            case _ if kind == MALFORMED:
                return None
            case _:
                new = self._first_unexplained(at)
                return None if new is None else (new, self._frames[new].type == "error")

    def _first(
        self, after: int, kind: str, fits: Callable[[JSON], bool] = lambda event: True
    ) -> int | None:
        """The first reply of this type that is not the effect of an earlier event."""
        positions = self._by_type[kind]
        for at in positions[bisect_right(positions, after) :]:
            if at not in self._claimed and fits(self._frames[at].event or {}):
                return at
        return None

    def _item_created(self, after: int, item: JSON) -> int | None:
        """The conversation.item.created for a client's item, as opposed to one for a spoken turn or
        for a response."""

        compared = ("type", "role", "call_id")

        def fits(reply: JSON) -> bool:
            made = _table(reply, "item")
            made_id = _text(made, "id")
            if item.get("id"):
                return made_id == _text(item, "id")
            if made_id in self._committed or made_id in self._outputs:
                return False
            return [made.get(name) for name in compared] == [item.get(name) for name in compared]

        return self._first(after, "conversation.item.created", fits)

    def _cancelled(self, after: int, response_id: str) -> int | None:
        """The first event of the response's ending, if this event cancelled it."""
        done = self._first(
            after, "response.done", lambda event: response_id in ("", _response_id(event))
        )
        if done is None:
            return None
        response = _table(self._frames[done].event, "response")
        if (
            response.get("status") != "cancelled"
            or _table(response, "status_details").get("reason") == "turn_detected"
        ):
            return None
        for at in range(after + 1, done):
            line = self._frames[at]
            if (
                line.direction == "received"
                and line.type.endswith(".done")
                and _response_id(line.event) == response.get("id")
            ):
                return at
        return done

    def _first_unexplained(self, after: int) -> int | None:
        """For an event of unknown type: the first frame that neither continues an older response
        nor comes without a cause."""
        running = {
            _response_id(self._frames[at].event)
            for at in self._by_type["response.created"]
            if at < after
        }
        for at in range(after + 1, len(self._frames)):
            line = self._frames[at]
            if (
                line.direction == "received"
                and not line.type.startswith(_UNCAUSED)
                and _response_id(line.event) not in running
            ):
                return at
        return None


def _firm(at: int | None) -> tuple[int, bool] | None:
    return None if at is None else (at, False)


def _loose(at: int | None) -> tuple[int, bool] | None:
    return None if at is None else (at, True)


def _same_metadata(request: JSON, reply: JSON) -> bool:
    """Whether the metadata is the same. The service echoes it, so it distinguishes responses
    (protocol.md 4)."""
    requested = _table(request, "response").get("metadata")
    return not requested or _table(reply, "response").get("metadata") in (requested, None)


def _response_id(event: JSON | None) -> str:
    return _text(event, "response_id") or _text(_table(event, "response"), "id")


def _table(event: JSON | None, name: str) -> JSON:
    value = (event or {}).get(name)
    return value if isinstance(value, dict) else {}


def _text(event: JSON | None, name: str) -> str:
    value = (event or {}).get(name)
    return value if isinstance(value, str) else ""
