"""The assistant's side of a conversation: its responses, its audio, and how both are stopped
(protocol.md 15.5).

Invariant: each `Flush` is answered by exactly one `flushed(...)`, in the order of the flushes.
Whether the answer leads to truncation is decided when the flush is issued.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from voicelive_tui.model.events.fields import get_count, get_object, get_str
from voicelive_tui.model.events.record import FlushReason
from voicelive_tui.protocol import error_notices, notices
from voicelive_tui.protocol.commands import Command, EndOfAudio, Flush, Play, Sender
from voicelive_tui.protocol.configuration import Configuration
from voicelive_tui.protocol.notices import OncePerSession
from voicelive_tui.protocol.output_audio import AudioPart, OutputAudio, Played
from voicelive_tui.protocol.responses import Responses, response_id_of

UNANSWERED_AFTER_S = 15.0
"""Seconds after which a `response.create` without `response.created` is given up. Services
send it before the model begins."""
LONGEST_ID = 512
"""The longest item id, in characters. A longer one counts as none, because every message to and
from the speaker carries the id."""


class ResponseControl:
    """Decides what is played, dropped, flushed, cancelled and truncated."""

    def __init__(
        self, settings: Configuration, output: OutputAudio, send: Sender, once: OncePerSession
    ) -> None:
        self._settings = settings
        self._output = output
        self._send = send
        self._once = once
        self._responses = Responses()
        self._flushes: deque[bool] = deque()
        self._watched: tuple[str | None, float] = (None, 0.0)
        """The unanswered request, and when it was first seen."""

    def answer_open(self, now: float) -> bool:
        """Whether an answer is wanted, was requested or is being received, or its last sample has
        not left the speaker."""
        return self._responses.wanted or self._responses.answering or self._output.speaking(now)

    def busy(self, now: float) -> bool:
        """Whether there is something to interrupt."""
        return self._responses.busy or self._output.sounding or self._output.speaking(now)

    @property
    def free(self) -> bool:
        """Whether the service would accept a request for an answer: no response is running,
        requested or wanted."""
        return not (self._responses.busy or self._responses.wanted)

    # What time brings.

    def watch_request(self, now: float) -> None:
        """Note since when the newest request for an answer is unanswered. To be called after
        everything that may send one."""
        request = self._responses.unanswered_request
        if request != self._watched[0]:
            self._watched = (request, now)

    @property
    def due_s(self) -> float | None:
        """When the request for an answer is given up; None while there is none."""
        request, since_s = self._watched
        return None if request is None else since_s + UNANSWERED_AFTER_S

    def tick(self, now: float) -> tuple[Command, ...]:
        """Give up a request for an answer that the service does not answer."""
        if self.due_s is None or now < self.due_s:
            return ()
        self._responses.give_up_request()
        self.watch_request(now)
        return (notices.REQUEST_UNANSWERED,)

    # Responses.

    def request_response(self, **fields: Any) -> tuple[Command, ...]:
        """Request an answer, now or when the running one is done. fields: of a `response.create`
        that is sent now; a later one has none."""
        if self._responses.busy:
            self._responses.wanted = True
            return ()
        send = self._send("response.create", **fields)
        self._responses.asked(str(send.event["event_id"]))
        return (send,)

    def refused(self, event_id: object, code: object) -> bool:
        """Whether the error refuses our response because another one was faster. Ours is requested
        again after that one."""
        return self._responses.refused(event_id, code)

    def created(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        """Handle `response.created`."""
        if not self._responses.created(response_id_of(event)):
            return ()
        self._responses.drop_audio()
        return self._cancel()

    def done(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        """Handle `response.done`, the last event of every response. It also ends the parts that got
        no `response.audio.done`, as in a failed response."""
        response_id = response_id_of(event)
        known = self._responses.done(response_id)
        ends = [
            _end(part)
            for part in self._output.end_parts(response_id, self._responses.runs, known=known)
        ]
        notice = error_notices.outcome_notice(get_object(event, "response"))
        return (
            *ends,
            *(() if notice is None else (notice,)),
            *(self.request_response() if self._responses.wanted else ()),
        )

    # Audio.

    def audio(
        self, event: Mapping[str, Any], audio: bytes | None, now: float
    ) -> tuple[Command, ...]:
        """Handle `response.audio.delta`. audio: its decoded base64; None when that is not valid."""
        item_id, index, response_id = _part_key(event)
        if self._responses.drops_audio_of(response_id):
            return ()
        fmt = self._settings.output_format
        if fmt is None:
            return self._once.once(notices.UNPLAYABLE)
        if audio is None:
            return self._once.once(notices.BAD_BASE64)
        part = self._output.receive(
            item_id, index, response_id, fmt, runs=self._responses.runs(response_id)
        )
        whole = self._output.add_bytes(part, audio)
        if part.state == "unheard":
            self._output.skip(len(audio), fmt, now)
        if not (part.audible and whole):
            return ()
        return (Play(item_id, index, whole, part.received_ms),)

    def audio_done(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        """Handle `response.audio.done`. It also comes for an interrupted answer, where it does not
        end the part."""
        item_id, index, response_id = _part_key(event)
        part = self._output.part(item_id, index)
        if (
            part is None
            or part.ended
            or part.state == "cut"
            or self._responses.drops_audio_of(response_id)
        ):
            return ()
        self._output.ended(part)
        return (_end(part),) if part.audible else ()

    def barge_in(self) -> tuple[Command, ...]:
        """Silence the speaker because the service hears the user. The service cancels the answer
        itself, and truncates it if its settings say so."""
        if not self._settings.service_interrupts:
            return ()
        return self._stop_playback("barge_in", truncate=not self._settings.service_truncates)

    def stop(self) -> tuple[Command, ...]:
        """Silence the speaker and cancel the answer, for the user."""
        return (*self._stop_playback("user", truncate=True), *self._cancel())

    def audible(self) -> None:
        """Note that there is a speaker: content parts that begin from now on are played."""
        self._output.audible = True

    def inaudible(self) -> tuple[Command, ...]:
        """Note that there is no speaker any more. Nothing is truncated: the assistant was not
        interrupted, only not heard to its end."""
        self._output.audible = False
        if not self._output.cut_all():
            return ()
        self._flushes.append(False)
        return (Flush("off_air"),)

    # What the speaker reports.

    def flushed(self, parts: Iterable[Played]) -> tuple[Command, ...]:
        """Take the speaker's answer to the oldest open `Flush`, and tell the service how much of
        each part was heard."""
        truncate = self._flushes.popleft() if self._flushes else False
        return (
            tuple(command for played in parts for command in self._truncation(played))
            if truncate
            else ()
        )

    def _truncation(self, played: Played) -> tuple[Command, ...]:
        part = self._output.part(played.item_id, played.content_index)
        heard_ms = None if part is None else part.truncation_ms(played.played_ms)
        if part is None or heard_ms is None or not part.item_id:
            return ()
        end = {
            "item_id": part.item_id,
            "content_index": part.content_index,
            "audio_end_ms": heard_ms,
        }
        return (self._send("conversation.item.truncate", **end),)

    def _stop_playback(self, reason: FlushReason, *, truncate: bool) -> tuple[Command, ...]:
        cut = self._output.cut_all()
        for part in cut:
            self._responses.drop_audio_of(part.response_id)
        self._responses.drop_audio()
        self._output.stop_unheard()
        if not cut:
            return ()
        self._flushes.append(truncate)
        return (Flush(reason),)

    def _cancel(self) -> tuple[Command, ...]:
        return tuple(
            self._send("response.cancel", response_id=key) for key in self._responses.cancel()
        )


def _end(part: AudioPart) -> EndOfAudio:
    return EndOfAudio(part.item_id, part.content_index)


def _part_key(event: Mapping[str, Any]) -> tuple[str, int, str]:
    item_id = get_str(event, "item_id")
    return (
        item_id if len(item_id) <= LONGEST_ID else "",
        get_count(event, "content_index"),
        response_id_of(event),
    )
