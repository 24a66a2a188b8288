"""The spoken voice: espeak-ng through ctypes, with the library and data from espeakng-loader (the
`demo` extra)."""

from __future__ import annotations

import atexit
import ctypes
import math
import shutil
import tempfile
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from voicelive_simulator.sound.speakers import VARIANTS, Speaker, speaker_for
from voicelive_simulator.sound.speech import (
    NEUTRAL_PROSODY,
    Prosody,
    Utterance,
    Viseme,
    Word,
    split_words,
)
from voicelive_simulator.sound.visemes import SILENCE, visemes

_SYNCHRONOUS, _PHONEME_EVENTS, _DONT_EXIT = 2, 1, 0x8000
_EVENT_END_OF_LIST, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7
_RATE_PARAMETER, _AMPLITUDE_PARAMETER, _PITCH_PARAMETER, _CHARS_UTF8, _POSITION_CHARACTER = (
    1,
    2,
    3,
    1,
    1,
)
# Replaces control characters: \x01 would change the voice, \x00 would end the text.
_NO_COMMANDS = {code: " " for code in range(32) if chr(code) not in "\t\n\r"}
_SPOKEN_SIGNS = frozenset("&@%#")
_USUAL_PITCH, _HIGHEST_PITCH = 50, 99  # 50 steps are an octave up or down
_WORDS_PER_MINUTE = 185
# With 160 characters or more the library fails silently: it speaks silence.
_LONGEST_DATA_PATH = 150
_ENGLISH = (
    "en_dict",
    "phondata",
    "phonindex",
    "phontab",
    "intonations",
    "lang/gmw/en*",
    *(f"voices/!v/{variant}" for variant in VARIANTS),
)


class EspeakUnavailable(Exception):
    """espeak-ng cannot speak on this machine; the message is one sentence with the reason."""


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h; text_position counts characters from 1, audio_position is in
    milliseconds."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class EspeakVoice:
    """The espeak-ng voice. All instances share one library and one lock, because espeak-ng keeps
    its state in globals. Raises EspeakUnavailable."""

    name = "espeak-ng"
    remark = ""
    _lock = threading.Lock()

    def __init__(self) -> None:
        self._library = _load()
        with self._lock:
            self._rate_hz = self._initialize()
        self._audio: list[bytes] = []
        self._onsets: list[tuple[int, int]] = []
        self._phonemes: list[tuple[str, int]] = []
        # Kept, because the library holds only a pointer to it.
        self._callback = _Callback(self._collect)

    def _initialize(self) -> int:
        data = data_path()
        whole = all((data / "voices" / "!v" / variant).is_file() for variant in VARIANTS)
        options = _PHONEME_EVENTS | _DONT_EXIT
        rate_hz = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, str(data).encode(), options))
        if not whole or rate_hz <= 0 or self._library.espeak_SetVoiceByName(b"en-us") != 0:
            raise EspeakUnavailable(
                "espeak-ng cannot read its voice data; reinstall the demo extra."
            )
        return rate_hz

    def speak(self, text: str, prosody: Prosody = NEUTRAL_PROSODY) -> Utterance:
        with self._lock:
            self._audio, self._onsets, self._phonemes = [], [], []
            self._set_speaker(speaker_for(prosody.voice_name), prosody)
            data = text.translate(_NO_COMMANDS).encode("utf-8", "replace")
            # Set before each use: the library has only one callback, that of the last voice.
            self._library.espeak_SetSynthCallback(self._callback)
            size = ctypes.c_size_t(len(data) + 1)
            self._library.espeak_Synth(
                data, size, 0, _POSITION_CHARACTER, 0, _CHARS_UTF8, None, None
            )
            samples = np.frombuffer(b"".join(self._audio), dtype=np.int16)
            onsets, phonemes = self._onsets, self._phonemes
        end_ms = len(samples) * 1000 // self._rate_hz
        poses = visemes(phonemes, end_ms)
        return Utterance(samples, self._rate_hz, words(text, onsets, poses, end_ms), poses)

    def _set_speaker(self, speaker: Speaker, prosody: Prosody) -> None:
        """Set every parameter each time: another voice object may have changed the library's."""
        pitch = round(_USUAL_PITCH * (1 + math.log2(prosody.pitch * speaker.pitch)))
        self._library.espeak_SetVoiceByName(f"en-us+{speaker.variant}".encode())
        self._library.espeak_SetParameter(
            _RATE_PARAMETER, round(_WORDS_PER_MINUTE * prosody.rate), 0
        )
        self._library.espeak_SetParameter(_AMPLITUDE_PARAMETER, speaker.amplitude, 0)
        self._library.espeak_SetParameter(_PITCH_PARAMETER, min(max(pitch, 0), _HIGHEST_PITCH), 0)

    def _collect(self, wave: Any, count: int, events: Any) -> int:
        if wave and count > 0:
            self._audio.append(ctypes.string_at(wave, count * 2))
        at = 0
        while (event := events[at]).type != _EVENT_END_OF_LIST:
            if event.type == _EVENT_WORD:
                self._onsets.append((event.text_position - 1, event.audio_position))
            elif event.type == _EVENT_PHONEME:
                self._phonemes.append(
                    (event.id.string.decode("utf-8", "replace"), event.audio_position)
                )
            at += 1
        return 0


def words(
    text: str, onsets: list[tuple[int, int]], poses: Sequence[Viseme], end_ms: int
) -> tuple[Word, ...]:
    """The words with their times. Each begins at the first of the `onsets` (text position, ms)
    inside it, and lasts until the next one, or until the pause before that.

    Words that the library announces as one, such as "in the", share its time; a dash or a bracket
    alone has a duration of 0.
    """
    groups: list[tuple[int, list[str]]] = []
    position = 0
    for piece in split_words(text):
        inside = [ms for at, ms in onsets if position <= at < position + len(piece)]
        position += len(piece)
        if inside or not groups:
            groups.append((max(min(inside, default=0), groups[-1][0] if groups else 0), [piece]))
        else:
            groups[-1][1].append(piece)
    ends = [start_ms for start_ms, _ in groups[1:]] + [end_ms]
    shared = (
        _shared(pieces, start_ms, _end_of_speech(poses, start_ms, next_ms))
        for (start_ms, pieces), next_ms in zip(groups, ends[: len(groups)], strict=True)
    )
    return tuple(word for words_of_one in shared for word in words_of_one)


def _end_of_speech(poses: Sequence[Viseme], start_ms: int, next_ms: int) -> int:
    """The beginning of the pause before `next_ms`, or `next_ms` when there is none."""
    inside = [viseme for viseme in poses if start_ms < viseme.start_ms < next_ms]
    return inside[-1].start_ms if inside and inside[-1].viseme_id == SILENCE else next_ms


def _shared(pieces: list[str], start_ms: int, end_ms: int) -> Iterator[Word]:
    """Divide the time among the words by their numbers of spoken characters."""
    weights = [
        sum(char in _SPOKEN_SIGNS or unicodedata.category(char)[0] not in "PZC" for char in piece)
        for piece in pieces
    ]
    total = sum(weights) or 1
    marks = [
        start_ms + max(0, end_ms - start_ms) * before // total
        for before in accumulate(weights, initial=0)
    ]
    return (
        Word(piece, begin, end - begin)
        for piece, (begin, end) in zip(pieces, pairwise(marks), strict=True)
    )


def _load() -> Any:
    try:
        import espeakng_loader
    except ImportError as error:
        raise EspeakUnavailable("the demo extra (espeakng-loader) is not installed.") from error
    try:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
    except OSError as error:
        raise EspeakUnavailable(f"the espeak-ng library cannot be loaded: {error}") from error
    library.espeak_Initialize.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    library.espeak_SetSynthCallback.argtypes = [_Callback]
    library.espeak_SetSynthCallback.restype = None
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int,
        ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p,
    ]  # fmt: skip
    return library


def data_path(bundled: Path | None = None) -> Path:
    """The data folder in the wheel, or a copy of its English part when that path is too long for
    the library."""
    import espeakng_loader

    bundled = bundled or Path(espeakng_loader.get_data_path())
    if len(str(bundled)) <= _LONGEST_DATA_PATH:
        return bundled
    cache = platformdirs.user_cache_path("voicelive-tui") / "espeak-ng-data"
    if len(str(cache)) > _LONGEST_DATA_PATH:
        cache = Path(tempfile.mkdtemp(prefix="espeak-"))
        atexit.register(shutil.rmtree, cache, ignore_errors=True)
    copy_english(bundled, cache)
    return cache


def copy_english(bundled: Path, cache: Path) -> None:
    try:
        for pattern in _ENGLISH:
            for source in bundled.glob(pattern):
                target = cache / source.relative_to(bundled)
                if not target.exists() or target.stat().st_size != source.stat().st_size:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    partial = target.with_suffix(f".{threading.get_native_id()}")
                    shutil.copyfile(source, partial)
                    partial.replace(target)
    except OSError as error:
        raise EspeakUnavailable(
            f"espeak-ng's voice data cannot be copied to the cache folder: {error.strerror}."
        ) from error
