"""The journal of a running session: every frame and every local fact, kept before anything interprets it.

`append` and `local` belong to one thread and never touch the disk; a writer thread of the journal's own writes what has come
at least every quarter of a second, audio before the lines that refer to it.
"""

import os
import tempfile
import threading
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import tomli_w

from voicelive_tui import __version__
from voicelive_tui.journal.folder import EVENTS, META, PROFILE, JournalError, create_folder, open_new, replace_file, unusable
from voicelive_tui.journal.index import EventIndex, Kind
from voicelive_tui.journal.lines import Reference, compose, compose_spliced, dump_event, take_audio
from voicelive_tui.journal.sound import SoundStore, Track
from voicelive_tui.journal.store import LineStore
from voicelive_tui.model.events import VIDEO, is_error
from voicelive_tui.model.formats import AudioCodec, WireFormat
from voicelive_tui.model.record import Direction, Record
from voicelive_tui.model.redact import may_hold_secrets, redact, redact_value

__all__ = ["Journal", "JournalError", "RecordMode"]

RecordMode = Literal["all", "events", "none"]
FLUSH_INTERVAL_S: Final = 0.2
CLOSE_TIMEOUT_S: Final = 5.0


class Journal:
    """One session's journal. `folder` is empty when nothing is recorded; `index` can be read from any thread, also after close.

    on_problem: called once, from the writer thread, with one sentence when recording has to stop.
    """

    def __init__(
        self, folder: Path | None, store: LineStore, sound: SoundStore | None, on_problem: Callable[[str], None]
    ) -> None:
        """Use `Journal.create`."""
        self.folder = str(folder) if folder else ""
        self.index = EventIndex(store, sound)
        self.on_problem = on_problem
        self._path = folder
        self._store = store
        self._sound = sound
        self._mic = WireFormat()
        self._agent = WireFormat()
        self._meta: dict[str, Any] = {}
        self._meta_changed = False
        self._stopped = False
        self._dirty = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._write_out, name="journal", daemon=True)

    @classmethod
    def create(
        cls,
        root: Path,
        *,
        title: str,
        profile_toml: str,
        record: RecordMode,
        started: datetime,
        meta: Mapping[str, Any],
        on_problem: Callable[[str], None] = lambda sentence: None,
    ) -> "Journal":
        """A journal in a new folder of root (the `sessions` folder); without one when record is "none".

        started: when the session began. meta: facts for meta.toml. Raises JournalError.
        """
        if record == "none":
            journal = cls(None, LineStore(_anonymous_file()), None, on_problem)
        else:
            folder = create_folder(root, title, started)
            try:
                replace_file(folder / PROFILE, _without_secrets(profile_toml))
                store = LineStore(open_new(folder / EVENTS))
            except OSError as error:
                raise unusable(folder, error) from error
            journal = cls(folder, store, SoundStore(str(folder), writing=record == "all"), on_problem)
        journal.meta(version=__version__, title=title, record=record, started=started, **meta)
        journal._thread.start()
        return journal

    def set_formats(self, *, mic: tuple[AudioCodec, int] | None = None, agent: tuple[AudioCodec, int] | None = None) -> None:
        """The formats of what is sent and received from now on, as (codec, Hz); another format begins another WAV file."""
        self._mic = WireFormat(*mic) if mic else self._mic
        self._agent = WireFormat(*agent) if agent else self._agent

    def append(
        self,
        direction: Literal["sent", "received"],
        raw: str | bytes,
        event: Mapping[str, Any] | None,
        t_s: float,
        *,
        standard: bool = True,
    ) -> Record:
        """Keep a frame as it crossed the wire.

        event: the frame decoded, None for one that is no JSON object. standard: the frame is JSON by all its rules, so that its
        text can stand in a line as it is.
        """
        t_s = round(t_s, 6)
        size = len(raw) if isinstance(raw, bytes) or raw.isascii() else len(raw.encode("utf-8", "surrogatepass"))
        if event is None:
            text = raw if isinstance(raw, str) else raw.decode("utf-8", "backslashreplace")
            record = Record(self.index.count, t_s, direction, {}, text)
            return self._keep(record, compose(record.n, t_s, direction, raw, None), size, 0.0)
        text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
        audio = take_audio(event, text)
        if audio is None:
            return self._append_plain(direction, raw, text, event, t_s, size, standard)
        reference = self._reference(direction, str(event.get("type")), audio)
        line, spliced = compose_spliced(self.index.count, t_s, direction, raw, event, reference, standard=standard)
        return self._keep(Record(self.index.count, t_s, direction, spliced), line, size, reference.length_ms)

    def local(self, type: str, t_s: float, **fields: Any) -> Record:  # noqa: A002 - the contract's name, and the event's
        """Keep a fact that only this machine knows."""
        t_s = round(t_s, 6)
        event = {"type": type, **fields}
        record = Record(self.index.count, t_s, "local", event)
        return self._keep(record, compose(record.n, t_s, "local", dump_event(event), event), 0, 0.0)

    def meta(self, **more: Any) -> None:
        """Facts about the session for meta.toml; None and empty values are left out."""
        self._meta.update(more)
        self._meta_changed = True
        self._dirty.set()

    def close(self) -> None:
        """Write everything and end the writer thread. The index stays readable until `index.close()`."""
        if self._closing.is_set():
            return
        self.meta(ended=datetime.now(UTC), records=self.index.count)
        self._closing.set()
        self._dirty.set()
        self._thread.join(CLOSE_TIMEOUT_S)

    def _append_plain(
        self, direction: Direction, raw: str | bytes, text: str, event: Mapping[str, Any], t_s: float, size: int, standard: bool
    ) -> Record:
        clean = redact_value(event) if may_hold_secrets(text) else event
        if clean is not event:
            # The one case in which the frame is not kept as it was: a token in it must not reach the disk.
            raw, standard = dump_event(clean), True
        record = Record(self.index.count, t_s, direction, clean)
        return self._keep(record, compose(record.n, t_s, direction, raw, clean, standard=standard), size, 0.0)

    def _reference(self, direction: Direction, type_name: str, audio: bytes) -> Reference:
        track: Track = "video" if type_name == VIDEO else "mic" if direction == "sent" else "agent"
        audio_format = None if track == "video" else self._mic if track == "mic" else self._agent
        length_ms = round(audio_format.duration_ms(len(audio)), 3) if audio_format else 0.0
        if self._sound is None:
            return Reference(None, 0, len(audio), length_ms)
        return self._sound.put(track, audio_format, audio, length_ms)

    def _keep(self, record: Record, line: bytes, size_bytes: int, audio_ms: float) -> Record:
        self._store.put(record.n, line)
        kind = Kind(record.dir, record.type, is_error(record.event))
        self.index.add(t_s=record.t_s, kind=kind, size_bytes=size_bytes, audio_ms=audio_ms)
        if not self._dirty.is_set():
            self._dirty.set()
        return record

    def _write_out(self) -> None:
        while not self._closing.is_set():
            self._dirty.wait()
            self._closing.wait(FLUSH_INTERVAL_S)
            self._dirty.clear()
            self._flush()
        self._flush()
        if self._sound:
            self._sound.close()

    def _flush(self) -> None:
        if self._stopped:
            return
        try:
            if self._path and self._meta_changed:
                self._meta_changed = False
                replace_file(self._path / META, tomli_w.dumps(_plain(self._meta)))
            # The lines first noted, then their audio written, then the lines: no line on disk refers to audio that is not there.
            lines = self._store.take()
            if self._sound:
                self._sound.flush()
            self._store.write(lines)
        except OSError as error:
            self._stop(error)

    def _stop(self, error: OSError) -> None:
        self._stopped = True
        self._store.stop()
        if self._sound:
            self._sound.stop()
        why = error.strerror or str(error)
        place = f"in {self.folder}" if self.folder else "in the temporary folder"
        self.on_problem(
            f"Recording stopped ({why}): what was written {place} is kept, and the session goes on in memory; "
            "make room there before the next session."
        )


def _anonymous_file() -> int | None:
    """A file that nobody can open and that vanishes with us; None when there is no place for one."""
    try:
        with tempfile.TemporaryFile(prefix="voicelive-tui-") as file:
            return os.dup(file.fileno())
    except OSError:
        return None


def _without_secrets(profile_toml: str) -> str:
    """The profile as it was, comments included, unless a token in it must be left out."""
    try:
        document = tomllib.loads(profile_toml)
    except tomllib.TOMLDecodeError:
        return redact(profile_toml)
    clean = redact_value(document)
    return profile_toml if clean is document else tomli_w.dumps(clean, multiline_strings=True)


def _plain(meta: Mapping[str, Any]) -> dict[str, Any]:
    """What TOML can hold of these facts, without secrets."""
    plain: dict[str, Any] = {}
    for name, value in meta.items():
        match value:
            case None | "":
                continue
            case bool() | int() | float() | datetime():
                plain[name] = value
            case Mapping():
                plain[name] = _plain(value)
            case _:
                plain[name] = redact(str(value))
    return plain
