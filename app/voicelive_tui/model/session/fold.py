"""Folds a session's records into what is known of the session; the same code for live and recorded
sessions."""

from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.events.event_types import is_error
from voicelive_tui.model.events.fields import get_count, get_int, get_object, get_str
from voicelive_tui.model.events.record import Local, Record
from voicelive_tui.model.formats import input_format, output_format
from voicelive_tui.model.session.configurations import ConfigurationsFold
from voicelive_tui.model.session.findings import FindingsFold
from voicelive_tui.model.session.item_ids import SessionItemIds
from voicelive_tui.model.session.setting_finding import SettingFinding
from voicelive_tui.model.session.snapshot import SessionView
from voicelive_tui.model.transcript.fold import TranscriptFold
from voicelive_tui.model.transcript.history import PastItem
from voicelive_tui.model.turns.fold import TurnsFold
from voicelive_tui.model.turns.token_usage import TokenUsage, token_usage


class SessionFold:
    """Apply every record in order; `view` returns what is known so far."""

    def __init__(self) -> None:
        self._ids = SessionItemIds()
        self._transcript = TranscriptFold()
        self._turns = TurnsFold()
        self._configurations = ConfigurationsFold()
        self._findings = FindingsFold()
        self._usage: dict[str, TokenUsage] = {}
        self._counted: set[str] = set()
        """The responses of the connection whose tokens are counted: a service may end one twice."""
        self._underruns = 0
        self._dropped_blocks = 0
        self._errors = 0
        self._effective: Mapping[str, Any] = {}
        self._last_t_s = 0.0
        self._view: SessionView | None = SessionView()

    def apply(self, record: Record) -> None:
        """Process one record. Never raises, whatever the event holds."""
        self._view = None
        # A note about an earlier moment has that moment's time.
        self._last_t_s = max(self._last_t_s, record.t_s)
        if is_error(record.event):
            self._errors += 1
        self._count(record)
        if self._ids.is_carried(record):
            return
        if self._ids.is_adopted(record):
            self._transcript.earlier_item(record)
            return
        self._follow_connections(record)
        record = self._ids.with_unique_ids(record)
        self._configure(record)
        self._transcript.apply(record)
        self._turns.apply(record)
        for item_id, turn in self._turns.measured():
            self._transcript.first_heard(item_id, turn.heard_ms, greeting=turn.greeting)
        for item_id, cause in self._transcript.take_causes().items():
            self._turns.cut(item_id, cause)

    def view(self) -> SessionView:
        """Return what is known of the session. The object stays the same until the next record, and
        unchanged parts are reused."""
        if self._view is None:
            self._view = SessionView(
                transcript=self._transcript.lines(),
                turns=self._turns.turns(),
                totals=self._turns.totals(),
                transcript_totals=self._transcript.totals(),
                usage=tuple(self._usage.items()),
                underruns=self._underruns,
                dropped_blocks=self._dropped_blocks,
                errors=self._errors,
                session_id=get_str(self._effective, "id") or None,
                model=get_str(self._effective, "model") or None,
                expires_at_unix_s=get_int(self._effective, "expires_at"),
                effective=self._effective,
                configurations=self._configurations.configurations(),
                settings=self._configurations.settings(),
                findings=self._findings.findings(),
                last_t_s=self._last_t_s,
            )
        return self._view

    def findings(self) -> tuple[SettingFinding, ...]:
        """Return the settings that were accepted and do not act; the same object until they
        change."""
        return self._findings.findings()

    def history(self) -> tuple[PastItem, ...]:
        """Return the conversation so far, as another connection can be told it."""
        return self._transcript.history()

    def _configure(self, record: Record) -> None:
        if note := self._configurations.apply(record):
            self._transcript.note(record, note)
        self._turns.configuration = self._configurations.current
        self._findings.apply(record, self._configurations.settings())

    def _follow_connections(self, record: Record) -> None:
        match record.dir, record.type:
            case "local", Local.CONNECTED:
                self._ids.connected()
            case "local", Local.GOES_ON:
                self._ids.goes_on()
            case "local", Local.CARRIED_OVER:
                self._ids.carried_over(record, self._transcript.last_item())

    def _count(self, record: Record) -> None:
        event = record.event
        if not event:
            # A frame that could not be read holds nothing to count, whatever it would have ended.
            return
        match record.dir, record.kind:
            case "received", "session.created" | "session.updated":
                self._effective = get_object(event, "session") or self._effective
                self._turns.set_session(self._effective)
                self._transcript.set_output_format(output_format(self._effective))
                self._transcript.set_input(
                    input_format(self._effective),
                    transcribes=bool(get_object(self._effective, "input_audio_transcription")),
                )
            case "local", Local.CONNECTED:
                self._counted.clear()
            case "received", "response.done":
                response_id = get_str(get_object(event, "response"), "id")
                if response_id in self._counted:
                    return
                self._counted.update([response_id] if response_id else [])
                model = get_str(self._effective, "model")
                used = self._usage.get(model, TokenUsage())
                self._usage[model] = used + token_usage(event)
            case "local", Local.UNDERRUN:
                self._underruns += 1
            case "local", Local.DROPPED:
                self._dropped_blocks += get_count(event, "blocks")
