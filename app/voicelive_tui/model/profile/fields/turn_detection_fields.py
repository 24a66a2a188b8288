"""The fields of `[session.turn_detection]`; most depend on the detector.

Source: protocol.md section 6.1 to 6.3.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import NOT_EMPTY, Field, TextForm
from voicelive_tui.model.profile.fields.profile_fields import FIRST_PREVIEW
from voicelive_tui.model.profile.fields.requirement import Requirement

AZURE_VADS: Final = (
    "azure_semantic_vad",
    "azure_semantic_vad_en",
    "azure_semantic_vad_multilingual",
)
MULTILINGUAL: Final = ("en", "es", "fr", "it", "de", "ja", "pt", "zh", "ko", "hi")
VADS: Final = ("server_vad", *AZURE_VADS, "semantic_vad")
LEVELLED_VADS: Final = ("server_vad", *AZURE_VADS)

_PREFIX = "session.turn_detection"
_UTTERANCE = f"{_PREFIX}.end_of_utterance_detection"
_FIRST_GA: Final = "2025-10-01"
_PADDING_RISES: Final = "2026-04-10"
_SINCE_GA: Final = Requirement(since=_FIRST_GA)
_FIRST_SPELLING: Final = Requirement(until=FIRST_PREVIEW)

_LEVEL_FIELDS: Final = (
    Field(
        f"{_PREFIX}.threshold",
        ("number",),
        "the confidence from which audio counts as speech",
        low=0,
        high=1,
        variants=LEVELLED_VADS,
        step=0.05,
        effect="Higher: fewer false starts, but soft voices are lost.",
        defaults={"": 0.5},
    ),
    *(
        Field(
            f"{_PREFIX}.prefix_padding_ms",
            ("integer",),
            "the audio kept from before the speech, in ms",
            low=0,
            high=60_000,
            variants=variants,
            step=20,
            label="prefix ms",
            effect="Lower: the first syllable may be missing. Higher: more noise is kept.",
            defaults={"": 300, _PADDING_RISES: padding_ms},
        )
        for variants, padding_ms in ((("server_vad",), 400), (AZURE_VADS, 420))
    ),
    Field(
        f"{_PREFIX}.silence_duration_ms",
        ("integer",),
        "the silence that ends a turn, in ms",
        low=0,
        high=60_000,
        variants=LEVELLED_VADS,
        step=50,
        label="silence ms",
        effect="Lower: answers come sooner, and cut in when people stop to think.",
        defaults={"": 500},
    ),
    *(
        Field(
            f"{_PREFIX}.speech_duration_ms",
            ("integer",),
            "the speech that starts a turn, in ms",
            low=0,
            high=60_000,
            variants=variants,
            step=20,
            label="speech ms",
            effect="Higher: fewer false starts, but a short yes or no is lost.",
            defaults={"": speech_ms},
        )
        for variants, speech_ms in ((("server_vad",), 200), (AZURE_VADS, 80))
    ),
)

_ANSWER_FIELDS: Final = (
    Field(
        f"{_PREFIX}.create_response",
        ("boolean",),
        "whether the end of a turn starts an answer",
        label="create response",
        defaults={"": True},
        needs=_SINCE_GA,
    ),
    Field(
        f"{_PREFIX}.interrupt_response",
        ("boolean",),
        "whether speech cancels the running answer",
        label="interrupt",
        defaults={"": True},
        needs=_SINCE_GA,
    ),
    Field(
        f"{_PREFIX}.auto_truncate",
        ("boolean",),
        "whether the service truncates an interrupted answer by itself",
        effect="The history then ends where the service believes that you stopped listening.",
        defaults={"": False},
    ),
    Field(
        f"{_PREFIX}.appended_text_after_truncation",
        ("string",),
        "the text added to a truncated answer in the history",
        variants=AZURE_VADS,
        form=TextForm(r"(?s).{0,1000}", "at most 1,000 characters"),
        label="truncation text",
    ),
    Field(
        f"{_PREFIX}.remove_filler_words",
        ("boolean",),
        "whether filler words such as umm do not interrupt",
        variants=AZURE_VADS,
        label="remove fillers",
        defaults={"": False},
    ),
    Field(
        f"{_PREFIX}.languages",
        ("strings",),
        "the spoken languages",
        variants=("azure_semantic_vad",),
        examples=MULTILINGUAL,
        form=NOT_EMPTY,
        most=10,
    ),
    Field(
        f"{_PREFIX}.languages",
        ("strings",),
        "the spoken languages",
        values=MULTILINGUAL,
        variants=("azure_semantic_vad_multilingual",),
    ),
    Field(
        f"{_PREFIX}.speech_duration_assistant_speaking_ms",
        ("integer",),
        "the speech that interrupts an answer, in ms",
        low=0,
        high=60_000,
        variants=AZURE_VADS,
        step=20,
        label="barge-in ms",
        effect="Higher: a cough no longer interrupts, and a person has to speak for longer.",
    ),
    Field(
        f"{_PREFIX}.eagerness",
        ("string",),
        "how early a turn ends",
        values=("low", "medium", "high", "auto"),
        variants=("semantic_vad",),
        effect="Low waits longest for the rest of a sentence, high answers soonest.",
        defaults={"": "auto"},
    ),
)

_UTTERANCE_FIELDS: Final = (
    Field(
        _UTTERANCE,
        ("table",),
        "the detection of complete sentences, for which the end of a turn waits",
        nullable=True,
        discriminator="model",
        variants=LEVELLED_VADS,
        needs=Requirement(models=("text", "agent")),
    ),
    Field(
        f"{_UTTERANCE}.model",
        ("string",),
        "the detector of complete sentences",
        values=(
            "semantic_detection_v1",
            "semantic_detection_v1_en",
            "semantic_detection_v1_multilingual",
            "smart_end_of_turn_detection",
        ),
        required=True,
        label="end of turn",
        effect="A pause in the middle of a sentence no longer ends the turn.",
        value_needs={
            "smart_end_of_turn_detection": Requirement(
                since="2026-06-01-preview", until="2026-06-01-preview"
            )
        },
    ),
    Field(
        f"{_UTTERANCE}.threshold_level",
        ("string",),
        "the confidence needed to end a turn; a lower one ends it earlier",
        values=("low", "medium", "high", "default"),
        label="end level",
        defaults={_FIRST_GA: "default"},
        needs=_SINCE_GA,
    ),
    Field(
        f"{_UTTERANCE}.timeout_ms",
        ("integer",),
        "the longest wait in ms",
        low=0,
        high=60_000,
        step=100,
        label="end timeout ms",
        effect="An unfinished sentence is answered after this wait.",
        defaults={_FIRST_GA: 1_000},
        needs=_SINCE_GA,
    ),
    Field(
        f"{_UTTERANCE}.threshold",
        ("number",),
        f"the confidence from 0 to 1; {FIRST_PREVIEW} only",
        low=0,
        high=1,
        step=0.01,
        label="end threshold",
        defaults={"": 0.01},
        needs=_FIRST_SPELLING,
    ),
    Field(
        f"{_UTTERANCE}.timeout",
        ("number",),
        f"the longest wait in seconds; {FIRST_PREVIEW} only",
        low=0,
        high=60,
        step=0.5,
        label="end timeout s",
        defaults={"": 2},
        needs=_FIRST_SPELLING,
    ),
)

TURN_DETECTION_FIELDS: Final = (
    Field(
        _PREFIX,
        ("table",),
        'how the end of a turn is detected; "none" for manual turns',
        nullable=True,
        discriminator="type",
    ),
    Field(
        f"{_PREFIX}.type",
        ("string",),
        "the detector",
        values=VADS,
        required=True,
        label="detection",
        effect="The semantic ones judge words as well as silence; none is for manual turns.",
        defaults={"": "server_vad"},
        value_needs={"semantic_vad": Requirement(models=("gpt-realtime",), refused=True)},
        first_preview=("none", "server_sd"),
    ),
    *_LEVEL_FIELDS,
    *_ANSWER_FIELDS,
    *_UTTERANCE_FIELDS,
)
RENAMED: Final = {
    "threshold": "threshold_level",
    "timeout": "timeout_ms",
    "threshold_level": "threshold",
    "timeout_ms": "timeout",
}
"""The names of the same settings of end-of-utterance detection in the first preview and later."""
