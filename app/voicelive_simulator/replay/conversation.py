"""Serves a recorded session again, sans I/O: the frames that the service sent then, as the live
client asks for them.

Invariant: frames leave in the recorded order, except for loose replies, which are sent when the
client asks for them. No frame leaves before the client events and turn marks that caused it, nor
sooner after them than recorded, times `factor`.

A missing event is waited for without limit: a user may think longer than the recorded one did. Only
when the client has gone on to a later step is the event given up, progress.PATIENCE_S after that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from voicelive_common.printable import single_line

from voicelive_simulator.api.handshake import Opening
from voicelive_simulator.api.ids import Ids
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.state.effects import Close, Effect
from voicelive_simulator.replay.divergence import (
    LONGEST_TEXT,
    Divergence,
    differing,
    missing,
    other_opening,
    unexpected,
)
from voicelive_simulator.replay.frame_rewriter import FrameRewriter
from voicelive_simulator.replay.id_map import IdMap
from voicelive_simulator.replay.journal_line import APPEND, MALFORMED, Line
from voicelive_simulator.replay.microphone_levels import MicrophoneLevels, input_format
from voicelive_simulator.replay.plan import ReplayStep, append_bytes
from voicelive_simulator.replay.progress import ReplayProgress
from voicelive_simulator.replay.recording import Closed, Recording
from voicelive_simulator.replay.request_matcher import RequestMatcher
from voicelive_simulator.sound.speech import Rendered

# A different number of these is no divergence: they depend on how much was heard, and when.
_UNCOUNTED_EVENTS = (
    "input_audio_buffer.clear",
    "conversation.item.truncate",
    "output_audio_buffer.clear",
)


class ReplayConversation:
    """One client's session with a recording."""

    def __init__(
        self,
        recording: Recording,
        opening: Opening,
        ids: Ids,
        expires_at: int,
        factor: float = 1.0,
        report: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        """factor: 0 serves everything as soon as it is asked for, 1 in the recorded time.
        expires_at: in unix seconds; replaces the recorded one. report: called with one sentence for
        each fact that the simulator's user should know."""
        self._recording = recording
        self._steps = recording.plan.steps
        self._client_events = recording.plan.client_events
        self._report = report
        self._ids = IdMap(recording.service_ids, ids)
        self._frames = FrameRewriter(recording, self._ids, expires_at)
        self._matcher = RequestMatcher(self._client_events, self._ids)
        self._replies = {
            number: step.content for step in reversed(self._steps) for number in step.needs
        }
        self._progress = ReplayProgress(recording.plan, factor)
        self._meter = MicrophoneLevels()
        self._begun = False
        self._position = 0
        # Loose replies that were asked for: when they are due, their number, and the step.
        self._due_replies: list[tuple[float, int, ReplayStep]] = []
        self._reported_position = -1
        self.divergence: Divergence | None = None
        self.divergences = 0
        if found := recording.opening_differences(opening):
            self._diverge(other_opening(found))

    @property
    def id(self) -> str:
        """The id of the live session."""
        for step in self._steps:
            session = (
                (step.content.event or {}).get("session")
                if isinstance(step.content, Line)
                else None
            )
            if isinstance(session, dict) and isinstance(session.get("id"), str):
                return self._ids.live_id(session["id"]) or ""
        return self._recording.name

    @property
    def waits_for_voice(self) -> bool:
        """Always False: a replay renders no speech."""
        return False

    @property
    def state(self) -> JSON:
        """The state of the replay, for the control path."""
        cause = self._progress.missing_cause(self._next_step) if self._next_step else None
        return {
            "recording": self._recording.name,
            "served": self._position,
            "frames": len(self._steps),
            "waits_for": f"{cause[1]} (record {cause[0]})" if cause else None,
            "divergence": self.divergence.to_json() if self.divergence else None,
            "divergences": self.divergences,
        }

    @property
    def due_s(self) -> float | None:
        """When `tick` next has something to do; None while only the client can go on."""
        if not self._begun:
            return 0.0
        times_s = [min(self._due_replies)[0]] if self._due_replies else []
        if (step := self._next_step) is not None:
            due_s = self._progress.due_s(step)
            if due_s is None:
                times_s += (
                    []
                    if self._reported_position == self._position
                    else [self._progress.report_due_s(step)]
                )
                due_s = self._progress.give_up_due_s(step)
            times_s += [] if due_s is None else [due_s]
        return min(times_s, default=None)

    def opened(self) -> list[Effect]:
        """The service's first event, which it sends before any other."""
        step = self._next_step
        if step is None or step.needs or step.mark_count or isinstance(step.content, Closed):
            return []
        self._progress.served(step)
        self._position += 1
        return [self._serve(step)]

    def receive(self, event: object, now_s: float) -> list[Effect]:
        """Process one decoded client frame."""
        self._begin(now_s)
        known: JSON = event if isinstance(event, dict) else {}
        kind = known.get("type")
        if kind == APPEND:
            self._progress.process_levels(self._meter.feed(append_bytes(known)), now_s)
        else:
            try:
                self._handle(kind if isinstance(kind, str) and kind else MALFORMED, known, now_s)
            except RecursionError:
                self._diverge(unexpected(None, "", "an event nested too deeply to be compared"))
        return self.tick(now_s)

    def undecodable(self, reason: str) -> list[Effect]:
        """Process a client frame that is not JSON."""
        self._handle(MALFORMED, {}, 0.0)
        return []

    def keep_detecting(self, on: bool) -> None:
        """Do nothing: the turns are those of the recording."""

    def wants_voice(self, response_id: str) -> bool:
        """Always False: a replay renders no speech."""
        return False

    def rendered(self, response_id: str, rendered: Rendered, now_s: float) -> list[Effect]:
        """Do nothing: a replay renders no speech."""
        return []

    def render_failed(self, response_id: str, message: str, now_s: float) -> list[Effect]:
        """Do nothing: a replay renders no speech."""
        return []

    def tick(self, now_s: float) -> list[Effect]:
        """Serve everything that is due."""
        self._begin(now_s)
        effects: list[Effect] = []
        while (step := self._take_due_step(now_s)) is not None:
            effects.append(self._serve(step))
        return effects

    def _take_due_step(self, now_s: float) -> ReplayStep | None:
        """The step that is due now: the next one, or a loose reply that precedes it in the
        recording."""
        reply = min(
            (reply for reply in self._due_replies if reply[0] <= now_s),
            key=lambda reply: reply[1],
            default=None,
        )
        while (step := self._next_step) is not None and (reply is None or step.n < reply[1]):
            due_s = self._progress.due_s(step)
            if due_s is not None and due_s <= now_s:
                self._progress.served(step, due_s)
                self._position += 1
                return step
            if due_s is not None or not self._check_wait(step, now_s):
                break
        if reply is not None:
            self._due_replies.remove(reply)
            return reply[2]
        return None

    @property
    def _next_step(self) -> ReplayStep | None:
        return self._steps[self._position] if self._position < len(self._steps) else None

    def _begin(self, now_s: float) -> None:
        if not self._begun:
            self._begun = True
            self._progress.begin(now_s)

    def _check_wait(self, step: ReplayStep, now_s: float) -> bool:
        """Whether the missing cause of a step is given up. While it is not, a long wait is reported
        once."""
        gives_up_s = self._progress.give_up_due_s(step)
        if gives_up_s is not None and gives_up_s <= now_s:
            self._give_up(step, now_s)
            return True
        cause = self._progress.missing_cause(step)
        if (
            cause
            and self._reported_position != self._position
            and self._progress.report_due_s(step) <= now_s
        ):
            self._reported_position = self._position
            self._report(
                single_line(
                    f"The replay waits for {cause[1]} (record {cause[0]}) from the client.",
                    LONGEST_TEXT,
                )
            )
        return False

    def _give_up(self, step: ReplayStep, now_s: float) -> None:
        cause = self._progress.missing_cause(step)
        assert cause is not None, "only what is missing is given up"
        self._diverge(missing(*cause, self._progress.later_event(step)))
        for number in self._progress.give_up(step, now_s):
            self._matcher.give_up(number)

    def _handle(self, kind: str, event: JSON, now_s: float) -> None:
        """Handle a client event that is not audio."""
        number = self._matcher.match(kind, event)
        if kind == "session.update" and isinstance(session := event.get("session"), dict):
            self._meter.configure(input_format(session, self._meter.format))
        elif kind == "input_audio_buffer.commit":
            self._progress.commit(now_s)
        if number is None:
            if kind not in _UNCOUNTED_EVENTS:
                expected = self._matcher.next_open()
                self._diverge(
                    unexpected(
                        expected.n if expected else None, expected.type if expected else "", kind
                    )
                )
            return
        self._progress.arrived(number, now_s)
        self._map_item_id(number, event)
        if differences := self._matcher.compare(number, event):
            self._diverge(differing(self._client_events[number].n, kind, differences))
        reply = self._recording.plan.loose_replies.get(number)
        if reply is not None:
            self._due_replies.append((self._progress.reply_due_s(reply), reply.n, reply))

    def _map_item_id(self, number: int, event: JSON) -> None:
        """Map an item's id: the live client's if it gives one, else a new id, as the service would
        make it."""
        reply, item = self._replies.get(number), event.get("item")
        if not isinstance(reply, Line) or not isinstance(item, dict):
            return
        recorded_item: Any = (reply.event or {}).get("item")
        recorded_id = recorded_item.get("id") if isinstance(recorded_item, dict) else None
        live_id = item.get("id")
        if not isinstance(recorded_id, str) or not recorded_id:
            return
        if isinstance(live_id, str) and live_id:
            self._ids.map(recorded_id, live_id)
        elif not self._ids.is_service_id(recorded_id):
            self._ids.add(recorded_id, "item")

    def _diverge(self, divergence: Divergence) -> None:
        self.divergences += 1
        if self.divergence is None:
            self.divergence = divergence
            self._report(divergence.sentence)

    def _serve(self, step: ReplayStep) -> Effect:
        content = step.content
        if isinstance(content, Line) and content.type == "session.created":
            session = (content.event or {}).get("session")
            if isinstance(session, dict):
                self._meter.configure(input_format(session, self._meter.format))
        effect = self._frames.effect(content)
        if self._position == len(self._steps) and step is self._steps[-1]:
            self._report(
                "The recording has ended"
                + ("." if isinstance(effect, Close) else "; the session stays open.")
            )
        return effect
