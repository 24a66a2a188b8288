"""Reports what happens in a session: to its journal, to the user, and to the next snapshot."""

import time
from typing import Any

from voicelive_common.redaction.redact import redact

from voicelive_tui.engine.session.context import SessionContext
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.session.setting_finding import SettingFinding


class SessionReporter:
    """Shared by all parts of one session, for as long as the session lives.

    key: the tab. log: the journal; None until the first socket is open.
    """

    def __init__(self, key: str, context: SessionContext) -> None:
        self.key = key
        self.log: SessionLog | None = None
        self._context = context
        self._muted = False
        """The mute as it was journaled last."""

    @property
    def on_air(self) -> bool:
        """Whether the session has microphone and speaker."""
        return self._context.is_on_air(self.key)

    def append_local(self, kind: str, at_s: float, **fields: Any) -> None:
        """Journal a fact that only this machine knows; does nothing before the journal has
        begun."""
        if self.log is not None:
            self.log.append_local(kind, at_s, **fields)

    def append_on_air(self, at_s: float) -> None:
        """Journal that the session has microphone and speaker from now on, and a mute or its end
        since that was journaled last."""
        self.append_local(Local.ON_AIR, at_s, on=True)
        self.append_mute(at_s)

    def append_mute(self, at_s: float) -> None:
        """Journal whether the microphone of this session is muted now, if that has changed. The
        session is on air."""
        muted = self._context.muted
        if self.log is None or muted == self._muted:
            return
        self._muted = muted
        machine = self._context.audio.status.muted_at
        self.append_local(Local.MUTED, at_s, on=muted, **({"machine": machine} if machine else {}))
        self.changed()

    def notify(self, notice: Notice, *, keep: bool = True) -> None:
        """Show the user a notice. keep: journal its text."""
        if keep:
            self.append_local(
                Local.NOTICE, time.perf_counter(), level=notice.level, text=redact(notice.text)
            )
        self._context.notify(notice, self.key)

    def report_finding(self, finding: SettingFinding) -> None:
        """Tell the user of a setting that was accepted and does not act."""
        self.notify(Notice("warning", finding.sentence, finding.cure))
        self.changed()

    def changed(self) -> None:
        """Note that something changed that a snapshot shows."""
        self._context.changed(self.key)
