"""Settings that the service accepts, although they do not go with the model or with what is
spoken."""

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.events.fields import get_object, get_objects, get_str
from voicelive_tui.model.events.gists.phrases import excerpt
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.session.outcome import SettingsInForce
from voicelive_tui.model.session.setting_finding import SettingFinding, asked_object, is_accepted

_ANSWERS: Final = frozenset({"session.updated", "error"})
_NATIVE: Final = re.compile(
    r"(gpt-realtime|gpt-4o(-mini)?-realtime-preview|phi4-mm-realtime|azure-realtime)(-[\w.-]+)?"
)
"""The models that hear speech themselves, by the names that the service documents (protocol.md
section 2)."""
_TEXT_BASED: Final = "semantic_detection_v1"
"""How the models begin that judge the end of a sentence by its words (protocol.md 6.2)."""
_SPEAKS_ONE: Final = re.compile(
    r"([a-z]{2,3})-[A-Z]{2}(-[a-z]+)?-(?!\w*Multilingual)[A-Za-z]+Neural"
)
"""Azure's voices of one language, such as `en-US-AvaNeural`: not the multilingual ones and not
those with a model behind a colon."""
_LONGEST_NAME: Final = 60
_ENGLISH: Final = "en"
SPOKEN_TURNS: Final = 2
"""Turns in the same language that are needed: that of a single word is often mistaken."""


class UnusedEndOfUtterance:
    """End-of-utterance options for a model that hears speech itself: their models judge words that
    nobody writes down there."""

    watches = ("turn_detection",)
    kinds = _ANSWERS
    due_s = math.inf

    def reset(self) -> None:
        """Forget nothing, because nothing is kept."""

    def apply(self, record: Record, settings: SettingsInForce) -> SettingFinding | None:
        """Take in a record."""
        name = "end_of_utterance_detection"
        options = get_object(asked_object(settings, "turn_detection"), name)
        detector = get_str(options, "model")
        model = get_str(settings.in_force, "model")
        if not detector.startswith(_TEXT_BASED) or not _NATIVE.fullmatch(model):
            return None
        asked, by = excerpt(detector, _LONGEST_NAME), excerpt(model, _LONGEST_NAME)
        return SettingFinding(
            f"session.turn_detection.{name}.model",
            f"{asked} was asked for, yet {by} hears speech itself and has no words to judge.",
            "Leave the end-of-utterance options out, or choose a text model such as gpt-4o.",
            record.t_s,
        )


class UnspeakableLanguage:
    """The user speaks a language, as the service itself reports, that the voice does not have."""

    watches = ("voice", "input_audio_transcription")
    kinds = frozenset({"conversation.item.input_audio_transcription.completed"})
    due_s = math.inf

    def __init__(self) -> None:
        self._language = ""
        self._items: set[str] = set()

    def reset(self) -> None:
        """Begin to count."""
        self._language, self._items = "", set()

    def apply(self, record: Record, settings: SettingsInForce) -> SettingFinding | None:
        """Take in a record."""
        locale = _reported_locale(record.event)
        key, voice, speaks = _voice(settings)
        language = _primary(locale)
        if not locale or not speaks:
            return None
        if language == speaks or (language == _ENGLISH and key == "session.voice.name"):
            # Many voices of one language also speak English.
            self.reset()
            return None
        if language != self._language:
            self.reset()
        self._language = language
        self._items.add(get_str(record.event, "item_id"))
        if len(self._items) < SPOKEN_TURNS:
            return None
        heard = excerpt(locale, _LONGEST_NAME)
        sentence = f"The service reports {heard} for what you say, which {voice} does not speak."
        cure = "Choose a voice of that language or a multilingual one, without a locale."
        return SettingFinding(key, sentence, cure, record.t_s)


def _reported_locale(event: Mapping[str, Any]) -> str:
    """The locale of a transcript whose phrases all have the same language; else empty."""
    locales = [get_str(phrase, "locale") for phrase in get_objects(event, "phrases")]
    return locales[0] if len(set(map(_primary, locales))) == 1 else ""


def _voice(settings: SettingsInForce) -> tuple[str, str, str]:
    """The key of the setting that binds the voice to one language, the voice in words, and that
    language; empty ones for a voice that may speak several."""
    voice = settings.in_force.get("voice")
    if not isinstance(voice, Mapping) or not is_accepted(settings, "voice"):
        return "", "", ""
    name, locale = get_str(voice, "name"), get_str(voice, "locale")
    shown = excerpt(name, _LONGEST_NAME) or "the voice"
    if locale:
        bound = f"{shown} with locale {excerpt(locale, _LONGEST_NAME)}"
        return "session.voice.locale", bound, _primary(locale)
    of_one = _SPEAKS_ONE.fullmatch(name)
    if get_str(voice, "type") == "azure-standard" and of_one is not None:
        return "session.voice.name", shown, _primary(of_one[1])
    return "", "", ""


def _primary(locale: str) -> str:
    """The language of a locale. The spoken forms of Chinese count as one, and so do those of
    Norwegian."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return {"yue": "zh", "wuu": "zh", "cmn": "zh", "nb": "no", "nn": "no"}.get(language, language)
