"""The journal of one running session, and the fold over it that is shown."""

import asyncio
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from voicelive_common.text_file import read_text_file

from voicelive_tui.concurrency.worker_thread import run_in_thread
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.writer import Journal
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.profile.profile import Profile, dump_profile
from voicelive_tui.model.session.fold import SessionFold
from voicelive_tui.model.session.recording_status import RecordingMode, RecordingStatus
from voicelive_tui.model.session.setting_finding import SettingFinding
from voicelive_tui.model.session.snapshot import SessionView
from voicelive_tui.model.timeline.fold import TimelineFold
from voicelive_tui.model.transcript.history import PastItem
from voicelive_tui.model.turns.latency import percentile
from voicelive_tui.model.turns.token_usage import counts_of

Notify = Callable[[Literal["info", "error"], str], None]


class SessionLog:
    """Journals every frame and local fact before anything interprets it. The `t_s` of a record
    counts from `started_s`, on `time.perf_counter`."""

    def __init__(self, journal: Journal, started_s: float) -> None:
        self._journal = journal
        self._fold = SessionFold()
        self._findings: tuple[SettingFinding, ...] = ()
        self._found: set[str] = set()
        """The keys of the findings that were passed on."""
        self.on_finding: Callable[[SettingFinding], None] | None = None
        """Called once for each setting that is found not to act, after the record that shows it."""
        self.started_s = started_s
        self.timeline = TimelineFold(started_s)
        self.sent_blocks: deque[tuple[float, float]] = deque(maxlen=4096)
        """(captured_at_s, sent_at_s) of the last microphone blocks: when the last frame was heard,
        and when the socket had taken the block."""

    @classmethod
    async def create(
        cls,
        profile: Profile,
        root: Path,
        record: RecordingMode,
        *,
        meta: Mapping[str, Any],
        notify: Notify,
    ) -> "SessionLog":
        """Begin a journal in a new folder of `root`, in a thread; its time counts from this call.

        notify: called later in the loop with a sentence when the disk stops accepting records, and
        when it accepts them again.
        """
        sentences = _Sentences(asyncio.get_running_loop(), notify)
        started_s, started = time.perf_counter(), datetime.now(UTC)

        def create() -> Journal:
            return Journal.create(
                root,
                title=profile.slug,
                profile_toml=profile_text(profile),
                record=record,
                started=started,
                meta=meta,
                on_problem=partial(sentences.put, "error"),
                on_resumed=partial(sentences.put, "info"),
            )

        journal = await _create_in_thread(create)
        sentences.pass_on()
        # A front end may hold the index longer than the engine does; its file is closed with the
        # last of them.
        weakref.finalize(journal.index, journal.index.store.close)
        return cls(journal, started_s)

    @property
    def index(self) -> EventIndex:
        """The columns of all records; any thread may read them."""
        return self._journal.index

    @property
    def folder(self) -> str:
        """The folder of the journal; empty if nothing is recorded, or not yet."""
        return self._journal.folder

    @property
    def recording(self) -> RecordingStatus:
        """The state of the journal on the disk."""
        return self._journal.status

    def view(self) -> SessionView:
        """The fold over all records so far."""
        return self._fold.view()

    def history(self) -> tuple[PastItem, ...]:
        """The conversation so far, as another connection can be told it."""
        return self._fold.history()

    def append_frame(
        self,
        direction: Literal["sent", "received"],
        raw: str | bytes,
        event: Mapping[str, Any] | None,
        now: float,
        *,
        audio: bytes | None = None,
        standard: bool = True,
    ) -> None:
        """Append a frame that crossed the wire at `now`; the parameters are those of
        `Journal.append`."""
        self._apply(
            self._journal.append(
                direction, raw, event, now - self.started_s, audio=audio, standard=standard
            ),
            audio,
        )

    def append_local(self, kind: str, at_s: float, **fields: Any) -> None:
        """Append a fact that only this machine knows. at_s: when it happened, on
        `time.perf_counter`."""
        self._apply(self._journal.append_local(kind, at_s - self.started_s, **fields))

    def _apply(self, record: Record, audio: bytes | None = None) -> None:
        self._fold.apply(record)
        self.timeline.apply(record, audio)
        findings = self._fold.findings()
        if findings is self._findings:
            return
        self._findings = findings
        for finding in findings:
            if finding.key not in self._found and self.on_finding is not None:
                self._found.add(finding.key)
                self.on_finding(finding)

    def set_formats(self, mic: AudioFormat | None, assistant: AudioFormat | None) -> None:
        """Note the formats of the audio from now on."""
        self._journal.set_formats(mic=mic, assistant=assistant)

    def update_meta(self, **more: Any) -> None:
        """Add facts to meta.toml."""
        self._journal.update_meta(**more)

    def block_sent(self, captured_at_s: float, sent_at_s: float) -> None:
        """Note when the socket has taken a microphone block."""
        self.sent_blocks.append((captured_at_s, sent_at_s))

    def note_latency(self) -> None:
        """Write into meta.toml how long the last blocks took from the microphone to the socket."""
        delays_ms = [(sent_s - heard_s) * 1000 for heard_s, sent_s in self.sent_blocks]
        if delays_ms:
            p50, p99 = (round(percentile(delays_ms, share), 2) for share in (0.50, 0.99))
            self.update_meta(
                microphone_to_wire={"blocks": len(delays_ms), "p50_ms": p50, "p99_ms": p99}
            )

    def note_figures(self) -> None:
        """Write into meta.toml what a list of sessions shows of this one."""
        view = self._fold.view()
        heard = view.totals.latencies.heard
        self.update_meta(
            length_s=round(view.last_t_s, 3),
            turns=view.transcript_totals.turns,
            cut=view.transcript_totals.cut,
            errors=view.errors,
            p50_ms=_rounded(heard.p50_ms),
            p95_ms=_rounded(heard.p95_ms),
            model=view.model or "",
            usage=[{"model": model, **counts_of(used)} for model, used in view.usage],
        )

    def close(self) -> None:
        """Write everything. This blocks on the disk, so it must not be called in the loop's thread.
        What the disk refuses is tried again until `release`."""
        self._journal.close()

    def release(self) -> None:
        """Give up what the disk did not accept, after a last try. This blocks, so it must not be
        called in the loop's thread."""
        self._journal.release()


def _rounded(ms: float | None) -> float | None:
    return None if ms is None else round(ms, 1)


class _Sentences:
    """Carries the sentences of a journal from its threads into the loop. They wait here until the
    caller has the log, which keeps them."""

    def __init__(self, loop: asyncio.AbstractEventLoop, notify: Notify) -> None:
        self._loop = loop
        self._notify = notify
        self._waiting: list[tuple[Literal["info", "error"], str]] | None = []

    def put(self, level: Literal["info", "error"], sentence: str) -> None:
        """Pass a sentence on; called in the journal's threads."""
        with suppress(RuntimeError):  # the loop is closed: no notice can be shown
            self._loop.call_soon_threadsafe(self._arrived, level, sentence)

    def pass_on(self) -> None:
        """Hand the sentences over in the next iteration of the loop, and further ones as they
        come."""
        self._loop.call_soon(self._pass_on)

    def _pass_on(self) -> None:
        waiting, self._waiting = self._waiting, None
        for level, sentence in waiting or ():
            self._notify(level, sentence)

    def _arrived(self, level: Literal["info", "error"], sentence: str) -> None:
        if self._waiting is None:
            self._notify(level, sentence)
        else:
            self._waiting.append((level, sentence))


async def _create_in_thread(create: Callable[[], Journal]) -> Journal:
    """Call `create` in a thread. A caller that is cancelled meanwhile leaves no journal behind, and
    does not wait for a disk that hangs."""
    created: deque[Journal] = deque()
    cancelled = threading.Event()

    def run() -> Journal:
        journal = create()
        created.append(journal)
        if cancelled.is_set():
            _discard(created)
        return journal

    try:
        return await run_in_thread(run)
    except asyncio.CancelledError:
        # Both threads look for the journal: either may be the last, and that one finds it.
        cancelled.set()
        threading.Thread(target=_discard, args=(created,), name="discard", daemon=True).start()
        raise


def _discard(journals: deque[Journal]) -> None:
    """Close journals that are still empty, because the start was cancelled."""
    with suppress(IndexError):
        while True:
            journal = journals.pop()
            journal.close()
            journal.release()
            journal.index.close()


def profile_text(profile: Profile) -> str:
    """The text for profile.toml: the profile's own file as long as it can be read, and the profile
    was not changed in memory."""
    if profile.path and not profile.edited:
        try:
            return read_text_file(Path(profile.path))
        except (OSError, UnicodeDecodeError):
            # The file was deleted or broken since it was read; the profile in memory is the one in
            # force.
            return dump_profile(profile)
    return dump_profile(profile)
