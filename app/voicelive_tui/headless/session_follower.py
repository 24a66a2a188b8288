"""Follows one session of the engine and prints what is new: records, transcript lines and
notices."""

import time

from voicelive_common.printable import printable

from voicelive_tui.engine.engine import Engine
from voicelive_tui.headless.output_streams import Output
from voicelive_tui.headless.run_summary import RunFacts
from voicelive_tui.headless.transcript_printer import TranscriptPrinter
from voicelive_tui.model.events.fields import get_count, get_str
from voicelive_tui.model.events.record import Local, Record
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionSnapshot, SessionState

POLL_S = 0.25
OVER = frozenset({SessionState.ENDED, SessionState.FAILED})


class SessionFollower:
    """The part of a session that this front end has seen and printed."""

    def __init__(self, engine: Engine, key: str, output: Output) -> None:
        self._engine = engine
        self._key = key
        self._output = output
        self._printer = TranscriptPrinter()
        self._seen = 0
        self._serial = 0
        self._revision = 0
        self.facts = RunFacts()
        self.snapshot = EngineSnapshot()

    @property
    def session(self) -> SessionSnapshot:
        """The session as of the last poll."""
        return self.snapshot.sessions.get(self._key) or SessionSnapshot(
            self._key, self._key, SessionState.CONNECTING
        )

    @property
    def over(self) -> bool:
        """Whether the session has ended, normally or not."""
        return self.session.state in OVER

    def poll(self, timeout_s: float = POLL_S) -> None:
        """Wait up to `timeout_s` seconds for a change and print what is new."""
        self._revision = self._engine.wait_change(self._revision, timeout_s)
        self.snapshot = self._engine.snapshot()
        self._print_new()

    def poll_until_over(self, timeout_s: float) -> None:
        """Poll until the session has ended, for up to `timeout_s` seconds."""
        deadline_s = time.perf_counter() + timeout_s
        while not self.over and time.perf_counter() < deadline_s:
            self.poll()

    def poll_until_journal_closed(self, timeout_s: float) -> None:
        """Poll until the last record is on the disk, or the disk has refused it, for up to
        `timeout_s` seconds."""
        deadline_s = time.perf_counter() + timeout_s
        while self._journal_open() and time.perf_counter() < deadline_s:
            self.poll()

    def _journal_open(self) -> bool:
        return self.session.recording.wanted and not self.session.recording.closed

    def finish(self) -> None:
        """Print everything that is left."""
        self.snapshot = self._engine.snapshot()
        self._print_new(ended=True)

    def _print_new(self, *, ended: bool = False) -> None:
        self.print_notices()
        self._records()
        session = self.session
        for line in self._printer.ready(
            session.view.transcript, assistant_speaking=session.assistant_speaking, ended=ended
        ):
            self._output.transcript_line(line)

    def print_notices(self) -> None:
        """Print the notices that are new."""
        for serial, notice in self._engine.notices(self._serial):
            self._serial = serial
            (self._output.note if notice.level == "info" else self._output.problem)(notice.text)

    def _records(self) -> None:
        index = self._engine.index(self._key)
        if index is None:
            return
        first, self._seen = self._seen, index.count
        for n in index.local_numbers(first, self._seen):
            record = index.record(n)
            self.facts.add(record)
            if record.type == Local.RETRY:
                self._output.note(f"No connection: {_describe_retry(record)}")
        if self._output.as_json:
            for n in range(first, self._seen):
                self._output.record(index.line(n).rstrip("\n"))


def _describe_retry(record: Record) -> str:
    """`try 2 in 4.2 s: Nothing listens at ...`."""
    attempt, wait_ms = get_count(record.event, "attempt"), get_count(record.event, "wait_ms")
    sentence = printable(get_str(record.event, "sentence"))
    return f"try {attempt} in {wait_ms / 1000:.1f} s: {sentence}".rstrip(": ")
