"""Offers once to go on with a session that ended because its console's terminal went away.

Invariant: the offer is a line and a notice, never a question; nothing waits for an answer.
"""

import json
import logging
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from voicelive_common.json_text import JsonError, read_json
from voicelive_common.printable import printable
from voicelive_common.text_file import read_text_file

from voicelive_tui.concurrency.worker_thread import run_in_thread
from voicelive_tui.engine.config.profile_store import write_atomically
from voicelive_tui.journal.recorded_sessions import RecordedSession, cut_off_sessions
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionState
from voicelive_tui.tui.context import ConsoleContext
from voicelive_tui.tui.formatting import plural
from voicelive_tui.tui.screen_clock import Clock

_FILE = "offered-sessions.json"
_MOST_KEPT = 100
_log = logging.getLogger(__name__)


class OfferingScreen(Protocol):
    """The main screen, as far as it shows the offer. offered: the session; None without one."""

    offered: RecordedSession | None


class GoOnOffer:
    """Looks once for sessions that can be offered, and shows the newest of those whose profile is
    open in a tab."""

    def __init__(self, context: ConsoleContext, screen: OfferingScreen, clock: Clock) -> None:
        self._context, self._screen, self._clock = context, screen, clock
        self._found: Sequence[RecordedSession] = ()
        self._withdrawn: set[str] = set()

    def look(self) -> None:
        """Read in a thread which sessions can be offered."""
        self._context.run_worker(self._look(), group="offer", exclusive=True)

    def withdraw(self, folder: str) -> None:
        """Offer this recording's session no more, because a new one goes on with it."""
        self._withdrawn.add(folder)
        offered = self._screen.offered
        if offered is not None and str(offered.folder) == folder:
            self._screen.offered = None

    async def _look(self) -> None:
        settings = self._context.engine.settings
        now = datetime.fromtimestamp(self._clock.wall(), UTC)

        def read() -> list[RecordedSession]:
            offered = offered_before(settings.state_dir)
            sessions = cut_off_sessions(settings.sessions_dir, now)
            return [each for each in sessions if each.folder.name not in offered]

        try:
            self._found = await run_in_thread(read)
        except OSError as error:
            _log.info("the recorded sessions cannot be read: %s", error)

    def show_if_due(self, snapshot: EngineSnapshot) -> None:
        """Show the offer once a tab has its profile."""
        if not self._found:
            return
        open_profiles = {
            each.title
            for each in snapshot.sessions.values()
            if each.state is not SessionState.RECORDED
        }
        session = next(
            (
                each
                for each in self._found
                if each.title in open_profiles and str(each.folder) not in self._withdrawn
            ),
            None,
        )
        if session is None:
            return
        self._found = ()
        self._screen.offered = session
        self._context.show_message(
            "info",
            f"{offer_text(session, self._clock.wall())}.",
            "{session.go_on} goes on with it.",
        )
        self._context.run_worker(self._remember(session), group="offer", exclusive=False)

    async def _remember(self, session: RecordedSession) -> None:
        state_dir = self._context.engine.settings.state_dir
        try:
            await run_in_thread(lambda: remember_offered(state_dir, session.folder.name))
        except OSError as error:
            _log.warning("the offered session could not be noted: %s", error)


def offer_text(session: RecordedSession, wall_s: float) -> str:
    """`The session of casual-chat ended with its terminal 3 minutes ago`. wall_s: now, in seconds
    since the epoch."""
    ended = session.ended
    ended_s = wall_s if ended is None else ended.timestamp()
    minutes = max(0, int((wall_s - ended_s) // 60))
    ago = plural(minutes, "minute") if minutes < 60 else plural(minutes // 60, "hour")
    when = f"{ago} ago" if minutes else "just now"
    return f"The session of {printable(session.title)} ended with its terminal {when}"


def offered_before(state_dir: Path) -> tuple[str, ...]:
    """The names of the folders of the sessions that were offered; none without a usable file."""
    try:
        names = read_json(read_text_file(state_dir / _FILE))
    except (OSError, UnicodeDecodeError, JsonError):
        return ()
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


def remember_offered(state_dir: Path, name: str) -> None:
    """Note that this session was offered. Raises OSError."""
    os.makedirs(state_dir, mode=0o700, exist_ok=True)
    names = [*offered_before(state_dir), name][-_MOST_KEPT:]
    write_atomically(state_dir / _FILE, json.dumps(names).encode("utf-8"))
