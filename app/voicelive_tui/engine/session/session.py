"""A tab's session: its life from connecting to the end, and every way in which it can fail."""

import asyncio
import logging
import time
from dataclasses import replace
from typing import Any

from voicelive_common.redaction.redact import redact

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.engine.internal_error import internal_error
from voicelive_tui.engine.service.credential_destination import HostNotTrusted
from voicelive_tui.engine.session.context import SessionContext
from voicelive_tui.engine.session.earlier_conversation import EarlierConversation
from voicelive_tui.engine.session.effects import EffectGroup
from voicelive_tui.engine.session.reporter import SessionReporter
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.engine.session.state import (
    Connecting,
    Ended,
    Failed,
    Live,
    Reconnecting,
    State,
)
from voicelive_tui.engine.session.supervisor import Supervisor
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.recorded_sessions import BY_TERMINAL
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.recording_status import RecordingStatus
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionView
from voicelive_tui.model.timeline.fold import TimelineFold
from voicelive_tui.net.endpoint import EndpointError

_log = logging.getLogger(__name__)


class Session:
    """A session, used in the engine's loop only. `run` is its whole life; `stop` ends it."""

    def __init__(
        self,
        key: str,
        profile: Profile,
        context: SessionContext,
        attempt: int,
        earlier: EarlierConversation | None = None,
    ) -> None:
        """attempt: counts the starts of the tab's session. earlier: the recorded conversation from
        which the session goes on."""
        self.key = key
        self._attempt = attempt
        self._profile = profile
        self._context = context
        self._secrets = profile.secrets
        """The secrets of every profile that this session had, because the service may still repeat
        one."""
        self._destination = context.services.destination(profile)
        self._reporter = SessionReporter(key, context)
        self._supervisor = Supervisor(profile, context, self._reporter, earlier)
        self._result: Ended | Failed | None = None
        """How the session ended; None while it runs."""
        self._over = asyncio.Event()
        self._resumes: asyncio.Future[bool] | None = None
        """Whether the session goes on after an end; None while it runs, and once that is
        decided."""

    # What is shown.

    @property
    def _state(self) -> State:
        return self._result or self._supervisor.state

    @property
    def _journal(self) -> SessionLog | None:
        return self._reporter.log

    @property
    def live(self) -> bool:
        """Whether the socket is open."""
        return isinstance(self._state, Live)

    @property
    def reconnecting(self) -> bool:
        """Whether the session has lost its connection and tries to get another one."""
        return isinstance(self._state, Reconnecting)

    @property
    def running(self) -> bool:
        """Whether the session's life is not over."""
        return self._state.running

    @property
    def timeline(self) -> TimelineFold | None:
        """The timeline of its records; None if there are none."""
        return self._journal.timeline if self._journal is not None else None

    @property
    def index(self) -> EventIndex | None:
        """The records so far; None before the socket opened."""
        return self._journal.index if self._journal is not None else None

    @property
    def can_mark(self) -> bool:
        """Whether the journal takes marks: it has begun, and the session runs."""
        return self.running and self._journal is not None

    @property
    def view(self) -> SessionView | None:
        """The fold over the records so far; None before the socket opened."""
        return self._journal.view() if self._journal is not None else None

    @property
    def sent_blocks(self) -> tuple[tuple[float, float], ...]:
        """The times at which each of the last microphone blocks was heard and was taken by the
        socket, in `perf_counter` seconds; for benches."""
        return tuple(self._journal.sent_blocks) if self._journal is not None else ()

    @property
    def can_resume(self) -> bool:
        """Whether the session has ended because of a problem, and can go on with its
        conversation."""
        return self._resumes is not None

    @property
    def talking(self) -> bool:
        """Whether a manual turn is open."""
        return self._supervisor.status(time.perf_counter()).talking

    @property
    def text_refusal(self) -> Notice | None:
        """Why a typed message would be refused; None if it would be sent or wait."""
        return self._supervisor.text_refusal

    def snapshot(self, title: str, muted: bool) -> SessionSnapshot:
        """Everything that a front end may see of the session."""
        state, log = self._state, self._journal
        talk = self._supervisor.status(time.perf_counter())
        begins = isinstance(state, Connecting) and state.recording_begins
        waiting = state if isinstance(state, Reconnecting) else None
        unapplied = self._supervisor.unapplied_settings
        return SessionSnapshot(
            key=self.key,
            title=title,
            state=state.shown,
            service=self._supervisor.service,
            host=self._supervisor.host,
            problem=state.problem,
            http_status=state.http_status if isinstance(state, Failed | Reconnecting) else None,
            destination=self._context.services.with_account(self._destination),
            attempt=self._attempt,
            tries=waiting.tries if waiting else 0,
            retry_at_s=waiting.due_s if waiting else None,
            can_resume=self.can_resume,
            asks_trust=isinstance(state, Failed) and state.asks_trust,
            on_air=self._reporter.on_air,
            muted=muted,
            ready=talk.ready,
            manual=talk.manual,
            talking=talk.talking,
            user_speaking=talk.user_speaking,
            assistant_speaking=talk.assistant_speaking,
            turn_open=talk.turn_open,
            connected_s=log.started_s if log else None,
            waiting_messages=self._supervisor.waiting_messages,
            waiting_settings=unapplied.waiting,
            restart_settings=unapplied.restart,
            refused_settings=unapplied.refused,
            folder=log.folder if log else "",
            recording=log.recording if log else RecordingStatus(wanted=begins),
            view=log.view() if log else SessionView(),
        )

    # What the engine asks of it.

    def talk(self) -> None:
        """Open a manual turn, or commit it. Without a connection, does nothing."""
        self._supervisor.talk()

    def interrupt(self) -> None:
        """Stop the assistant; while the session reconnects, stop trying."""
        if self.reconnecting:
            self._supervisor.stop_trying()
            self._context.changed(self.key)
        else:
            self._supervisor.interrupt()

    def send_text(self, text: str) -> None:
        """Send a typed message as soon as there is a connection whose service has finished its
        response."""
        self._supervisor.send_text(text)

    def retry_now(self) -> None:
        """Try to connect again at once instead of waiting."""
        self._supervisor.retry_now()

    def restart(self, *, ask_again: bool = False) -> None:
        """Go on over a new connection, which has the profile as it is now. ask_again: it gets the
        conversation only up to before the user's last question, and then that question again."""
        self._supervisor.restart(ask_again=ask_again)

    def mute_changed(self) -> None:
        """Note that the microphone of this session, which is on air, was muted or opened again."""
        if self.running:
            self._reporter.append_mute(time.perf_counter())

    def audio_assigned(self) -> None:
        """Note that this session will get microphone and speaker, and ask for them."""
        self._supervisor.audio_assigned()

    def audio_released(self) -> None:
        """Note that microphone and speaker belong to another session or to none."""
        if self.running:
            self._supervisor.audio_released()
            self._reporter.append_local(Local.ON_AIR, time.perf_counter(), on=False)

    def replay_changed(self, on: bool, what: str) -> None:
        """Note that silence is sent in place of the microphone because this is played again, or not
        any longer."""
        if self.running:
            self._reporter.append_local(Local.REPLAY, time.perf_counter(), on=on, what=what)

    def mark(self, at_s: float, note: str) -> None:
        """Mark a moment in the journal. at_s: on `time.perf_counter`. Call it if `can_mark`."""
        self._reporter.append_local(Local.MARK, at_s, note=redact(note), item_id="")
        self._context.changed(self.key)

    def add_note(self, t_s: float, item_id: str, note: str) -> None:
        """Write a note about an earlier moment into the journal. Call it if `can_mark`."""
        if self._journal is not None:
            at_s = self._journal.started_s + t_s
            self._reporter.append_local(Local.MARK, at_s, note=redact(note), item_id=item_id)
            self._context.changed(self.key)

    def replace_profile(self, profile: Profile) -> None:
        """Send the settings that changed when the profile was edited, at once or as soon as there
        is a connection."""
        self._secrets = tuple(dict.fromkeys((*self._secrets, *profile.secrets)))
        self._profile = profile
        self._supervisor.replace_profile(profile)

    def settings_to_take_back(self, keys: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
        """Return the dotted keys of the profile whose values the open connection does not have,
        with the values that it has. keys: those that are asked for; empty for all."""
        unapplied = self._supervisor.unapplied_settings.keys
        return self._supervisor.settings_in_use(
            [key for key in unapplied if not keys or _is_within(key, keys)]
        )

    def terminal_lost(self) -> None:
        """Note in the recording of a session that is connected, or was and tries to be again, that
        it ends because the console's terminal went away."""
        if self._journal is not None and isinstance(self._state, Live | Reconnecting):
            self._journal.update_meta(ended_by=BY_TERMINAL)

    def trust_changed(self) -> None:
        """Note that the user has confirmed a host, so that a start that was refused because of it
        asks no longer."""
        match self._result:
            case Failed(asks_trust=True) as failed:
                self._destination = self._context.services.destination(self._profile)
                asks = self._destination is not None and not self._destination.confirmed
                self._result = replace(failed, asks_trust=asks)

    def stop(self) -> None:
        """Begin to end the session: cancel the attempt to connect, or close the socket. The rest of
        `run` follows."""
        if self._result is None:
            self._supervisor.stop()
            self._context.changed(self.key)
        else:
            self._decide(resume=False)

    def resume(self) -> None:
        """Connect again after an end, with the conversation so far. Call it if `can_resume`."""
        self._result = None
        self._over.clear()
        self._supervisor.resume()
        self._decide(resume=True)

    def _decide(self, *, resume: bool) -> None:
        decision, self._resumes = self._resumes, None
        if decision is not None and not decision.done():
            decision.set_result(resume)

    async def wait_over(self) -> None:
        """Wait until the session has released socket, microphone and speaker. The journal may not
        be on the disk yet."""
        await self._over.wait()

    async def release(self) -> None:
        """Close the journal if it is still open, try to write it once more, then give up the rest,
        because the session is no longer shown."""
        self._decide(resume=False)
        if self._journal is not None:
            await run_to_end_in_thread(self._journal.close)
            await run_to_end_in_thread(self._journal.release)

    # Its life.

    async def run(self) -> None:
        """Connect, serve, end, and go on if the user wants it. Every failure becomes a sentence
        here."""
        try:
            await self._run_once()
            while await self._wait_for_decision():
                await self._run_once()
        finally:
            self._supervisor.drop_pending_input()
            await self._close_journal()

    async def _run_once(self) -> None:
        over: Ended | Failed = Ended()
        effects = EffectGroup(self._reporter.notify)
        try:
            async with effects:
                over = await self._serve_until_over(effects)
                self._supervisor.ended()
        finally:
            self._end(over)

    async def _wait_for_decision(self) -> bool:
        """Wait, after an end because of a problem, until the user decides whether the session goes
        on. Returns False at once for a session that cannot go on. The journal stays open
        meanwhile."""
        ended_early = self._result is not None and self._result.problem
        if not ended_early or self._journal is None or not self._context.settings.reconnect:
            return False
        self._resumes = asyncio.get_running_loop().create_future()
        self._context.changed(self.key)
        return await self._resumes

    async def _serve_until_over(self, effects: EffectGroup) -> Ended | Failed:
        try:
            over = await self._supervisor.run(effects)
        except HostNotTrusted as error:
            # The profile may have been edited since the session began.
            self._destination = self._context.services.destination(self._profile)
            over = self._failed(str(error), asks_trust=True)
        except EndpointError as error:
            over = self._failed(str(error))
        except asyncio.CancelledError:
            # Cancelled by the user while there was no socket: nothing failed.
            return Ended(self._supervisor.problem_when_stopped)
        except Exception as error:
            # The border: one session's crash must not end the others.
            _log.exception("session %s crashed", self.key)
            notice = internal_error(error, "stopped the session", "Start it again.")
            over = self._failed(notice.text)
        if over.problem:
            warning = Notice("warning" if isinstance(over, Ended) else "error", over.problem)
            self._context.notify(warning, self.key)
        return over

    def _failed(self, sentence: str, *, asks_trust: bool = False) -> Failed:
        sentence = redact(sentence)
        self._supervisor.append_closed(None, "", sentence)
        return Failed(sentence, asks_trust=asks_trust)

    def _end(self, over: Ended | Failed) -> None:
        """Release everything but the journal.

        Invariant: nothing awaits between the final state and `ended`, so that a session which is
        started next in this tab cannot lose microphone and speaker to the end of this one.
        """
        self._supervisor.close()
        self._result = over
        self._context.ended(self.key)
        self._over.set()

    async def _close_journal(self) -> None:
        if self._journal is not None:
            self._journal.note_latency()
            self._journal.note_figures()
            await run_to_end_in_thread(self._journal.close)
            self._context.changed(self.key)


def _is_within(key: str, keys: tuple[str, ...]) -> bool:
    """Whether the setting is one of these, or a part of one, or has one as a part."""
    return any(
        f"{key}.".startswith(f"{each}.") or f"{each}.".startswith(f"{key}.") for each in keys
    )
