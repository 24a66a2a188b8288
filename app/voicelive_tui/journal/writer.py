"""The journal of a running session: every frame and every local event is kept before anything
interprets it.

`append` and `append_local` belong to one thread and never touch the disk; the journal's own thread
writes the records.
"""

import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

import tomli_w
from voicelive_common.redaction.harmless_text import is_harmless
from voicelive_common.redaction.redact import hide_held_secrets, redact, redact_frame, redact_value
from voicelive_common.redaction.redact_toml import redact_toml

from voicelive_tui import __version__
from voicelive_tui.journal.audio_store import AudioStore, Track
from voicelive_tui.journal.flusher import Flusher
from voicelive_tui.journal.folder import META, PROFILE, JournalError, begin_session, replace_file
from voicelive_tui.journal.index import EventIndex, Kind
from voicelive_tui.journal.line_store import LineStore
from voicelive_tui.journal.lines import (
    Reference,
    compose,
    compose_spliced,
    dump_event,
    split_at_audio,
)
from voicelive_tui.model.events.audio_field import AUDIO_FIELD, VIDEO
from voicelive_tui.model.events.event_types import is_error
from voicelive_tui.model.events.record import Direction, Record
from voicelive_tui.model.events.streamed_secrets import StreamedSecrets
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.session.recording_status import RecordingMode, RecordingStatus

__all__ = ["Journal", "JournalError"]


class Journal:
    """One session's journal. `index` can be read from any thread, also after `close`.

    on_problem: called with one sentence when nothing can be written, from `create` or from the
    writer thread. on_resumed: called with one sentence from the writer thread when everything that
    waited is written.
    """

    def __init__(self, store: LineStore, audio_store: AudioStore | None, flusher: Flusher) -> None:
        """Initialise the journal; use `Journal.create` instead."""
        self.index = EventIndex(store, audio_store)
        self._store = store
        self._audio_store = audio_store
        self._flusher = flusher
        self._mic = AudioFormat()
        self._output_format = AudioFormat()
        self._streamed = StreamedSecrets()
        self._meta: dict[str, Any] = {}
        self._closed = False

    @classmethod
    def create(
        cls,
        root: Path,
        *,
        title: str,
        profile_toml: str,
        record: RecordingMode,
        started: datetime,
        meta: Mapping[str, Any],
        on_problem: Callable[[str], None] = lambda sentence: None,
        on_resumed: Callable[[str], None] = lambda sentence: None,
    ) -> "Journal":
        """Create a journal in a new folder of root (the `sessions` folder), or without a folder
        when record is "none".

        started: when the session began. meta: entries of meta.toml. A folder that cannot be made is
        reported like a full disk, and so is one that is not made within two seconds. This call
        waits that long, so it belongs in a worker thread.
        """
        if record == "none":
            store = LineStore(_anonymous_file())
            journal = cls(store, None, Flusher(store, None, None, on_problem, on_resumed))
        else:
            text = redact_toml(profile_toml)
            store, sound = LineStore(None), AudioStore("", writing=record == "all")
            begin = partial(begin_session, root, title, started, text)
            journal = cls(store, sound, Flusher(store, sound, begin, on_problem, on_resumed))
        journal.update_meta(
            version=__version__, title=title, record=record, started=started, **meta
        )
        journal._flusher.start()
        return journal

    @property
    def folder(self) -> str:
        """The folder of the journal; empty when nothing is recorded, or not yet."""
        return str(self._flusher.folder or "")

    @property
    def status(self) -> RecordingStatus:
        """The recording status of the session."""
        return self._flusher.status

    def set_formats(
        self, *, mic: AudioFormat | None = None, assistant: AudioFormat | None = None
    ) -> None:
        """Set the formats of the audio sent and received from now on. None leaves a format as it
        is. Another format begins another WAV file."""
        self._mic = mic or self._mic
        self._output_format = assistant or self._output_format

    def append(
        self,
        direction: Literal["sent", "received"],
        raw: str | bytes,
        event: Mapping[str, Any] | None,
        t_s: float,
        *,
        audio: bytes | None = None,
        standard: bool = True,
    ) -> Record:
        """Keep a frame as it crossed the wire, except for secrets in it.

        event: the decoded frame; None when it is no JSON object.
        audio: the decoded base64 of the event (`decode_audio`). Without it the base64, if there is
            any, stays in the event.
        standard: the frame is valid JSON, without NaN and infinities, so its text can be part of a
            line unchanged.
        """
        t_s, size_bytes = round(t_s, 6), _wire_size(raw)
        if event is None:
            return self._append_malformed(direction, raw, t_s, size_bytes)
        text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
        around = None if audio is None else split_at_audio(event, text, audio)
        clean = self._without_secrets(event, text, around)
        if clean is not None:
            # This is the only case in which a frame is not kept as it was: a secret in it must
            # reach neither disk nor screen.
            event, raw, standard = clean, dump_event(clean), True
            around = around and split_at_audio(event, raw, audio or b"")
        n = self.index.count
        if audio is None or around is None:
            line = compose(n, t_s, direction, raw, event, standard=standard)
            return self._keep(Record(n, t_s, direction, event), line, size_bytes, 0.0)
        reference = self._reference(direction, str(event.get("type")), audio)
        binary = isinstance(raw, bytes)
        line, spliced = compose_spliced(
            n, t_s, direction, around, event, reference, binary=binary, standard=standard
        )
        return self._keep(Record(n, t_s, direction, spliced), line, size_bytes, reference.length_ms)

    def _append_malformed(
        self, direction: Direction, raw: str | bytes, t_s: float, size_bytes: int
    ) -> Record:
        raw = redact_frame(raw)
        text = raw if isinstance(raw, str) else raw.decode("utf-8", "backslashreplace")
        record = Record(self.index.count, t_s, direction, {}, text)
        return self._keep(record, compose(record.n, t_s, direction, raw, None), size_bytes, 0.0)

    def append_local(self, type: str, t_s: float, **fields: Any) -> Record:  # noqa: A002
        """Keep an event of this machine that does not cross the wire."""
        t_s = round(t_s, 6)
        event = redact_value({"type": type, **fields})
        record = Record(self.index.count, t_s, "local", event)
        return self._keep(record, compose(record.n, t_s, "local", dump_event(event), event), 0, 0.0)

    def update_meta(self, **facts: Any) -> None:
        """Update the entries of meta.toml; None and empty values are left out."""
        self._meta.update(facts)
        self._flusher.set_meta(_toml_values(self._meta))

    def close(self) -> None:
        """Write everything and end the writer thread. The index stays readable until
        `index.close()`.

        What cannot be written now is tried again until `release`.
        """
        if self._closed:
            return
        self._closed = True
        self.update_meta(ended=datetime.now(UTC), records=self.index.count)
        self._flusher.close()

    def release(self) -> None:
        """Give up what cannot be written now, because no caller waits for the disk any longer."""
        self._flusher.release()

    def _without_secrets(
        self, event: Mapping[str, Any], text: str, around: tuple[str, str] | None
    ) -> Mapping[str, Any] | None:
        """The event as it may be kept, its audio untouched; None when the frame holds no secret.

        around: the text around the audio, which is valid base64: it holds no secret and takes long
        to search.
        """
        if around is not None:
            text = '""'.join(around)
        skip_field = "" if around is None else AUDIO_FIELD[str(event["type"])]
        clean = None if is_harmless(text) else _redacted_event(event, text, skip_field)
        shown = self._streamed.clean(event if clean is None else clean)
        return None if clean is None and shown is event else shown

    def _reference(self, direction: Direction, type_name: str, audio: bytes) -> Reference:
        track: Track = "video" if type_name == VIDEO else "mic" if direction == "sent" else "agent"
        audio_format = (
            None if track == "video" else self._mic if track == "mic" else self._output_format
        )
        length_ms = round(audio_format.duration_ms(len(audio)), 3) if audio_format else 0.0
        if self._audio_store is None:
            return Reference(None, 0, len(audio), length_ms)
        return self._audio_store.put(self.index.count, track, audio_format, audio, length_ms)

    def _keep(self, record: Record, line: bytes, size_bytes: int, audio_ms: float) -> Record:
        audio_bytes = self._audio_store.waiting_bytes(record.n) if self._audio_store else 0
        for forgotten in self._store.put(record.n, line, audio_bytes):
            if self._audio_store:
                self._audio_store.forget(forgotten)
        kind = Kind(record.dir, record.type, is_error(record.event))
        self.index.add(
            t_s=record.t_s,
            kind=kind,
            size_bytes=size_bytes,
            audio_ms=audio_ms,
            event=record.event,
        )
        self._flusher.wake()
        return record


def _wire_size(raw: str | bytes) -> int:
    if isinstance(raw, bytes) or raw.isascii():
        return len(raw)
    return len(raw.encode("utf-8", "surrogatepass"))


def _anonymous_file() -> int | None:
    """Return a file without a name, which vanishes with this process; None when it cannot be
    made."""
    try:
        with tempfile.TemporaryFile(prefix="voicelive-tui-") as file:
            return os.dup(file.fileno())
    except OSError:
        return None


def _redacted_event(
    event: Mapping[str, Any], text: str, skip_field: str
) -> Mapping[str, Any] | None:
    """Return the event without secrets; None when neither it nor the rest of its text, such as a
    repeated key, holds one.

    text: the frame's, without the content of the field `skip_field`, which is not searched; empty
    for none.
    """
    clean = redact_value(event, skip_field=skip_field)
    return None if clean is event and hide_held_secrets(text) is text else clean


def write_facts(folder: Path, profile_toml: str, meta: Mapping[str, Any]) -> None:
    """Write meta.toml, and profile.toml unless it is empty, into this folder, without secrets.
    Raises OSError."""
    if profile_toml:
        replace_file(folder / PROFILE, redact_toml(profile_toml))
    replace_file(folder / META, tomli_w.dumps(_toml_values(meta)))


def _toml_values(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return these entries as values that TOML can hold, without secrets."""
    plain: dict[str, Any] = {}
    for name, value in meta.items():
        match value:
            case None | "" | []:
                continue
            case bool() | int() | float() | datetime():
                plain[name] = value
            case Mapping():
                plain[name] = _toml_values(value)
            case [Mapping(), *_]:
                plain[name] = [_toml_values(each) for each in value if isinstance(each, Mapping)]
            case _:
                plain[name] = redact(str(value))
    return plain
