"""The fields of `[session.turn_detection]`; most depend on the detector.

Source: protocol.md section 6.1 to 6.3.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.profile_fields import FIRST_PREVIEW

AZURE_VADS: Final = (
    "azure_semantic_vad",
    "azure_semantic_vad_en",
    "azure_semantic_vad_multilingual",
)
VADS: Final = ("server_vad", *AZURE_VADS, "semantic_vad")
LEVELLED_VADS: Final = ("server_vad", *AZURE_VADS)

_PREFIX = "session.turn_detection"
_UTTERANCE = f"{_PREFIX}.end_of_utterance_detection"
TURN_DETECTION_FIELDS: Final = (
    Field(
        _PREFIX,
        ("table",),
        'how the end of a turn is detected; "none" for manual turns',
        nullable=True,
        discriminator="type",
    ),
    Field(f"{_PREFIX}.type", ("string",), "the detector", values=VADS, required=True),
    Field(
        f"{_PREFIX}.threshold",
        ("number",),
        "the confidence from which audio counts as speech",
        low=0,
        high=1,
        variants=LEVELLED_VADS,
    ),
    Field(
        f"{_PREFIX}.prefix_padding_ms",
        ("integer",),
        "the audio kept from before the speech, in ms",
        low=0,
        high=10_000,
        variants=LEVELLED_VADS,
    ),
    Field(
        f"{_PREFIX}.silence_duration_ms",
        ("integer",),
        "the silence that ends a turn, in ms",
        low=0,
        high=60_000,
        variants=LEVELLED_VADS,
    ),
    Field(
        f"{_PREFIX}.speech_duration_ms",
        ("integer",),
        "the speech that starts a turn, in ms",
        low=0,
        high=60_000,
        variants=LEVELLED_VADS,
    ),
    Field(f"{_PREFIX}.create_response", ("boolean",), "whether the end of a turn starts an answer"),
    Field(
        f"{_PREFIX}.interrupt_response", ("boolean",), "whether speech cancels the running answer"
    ),
    Field(
        f"{_PREFIX}.auto_truncate",
        ("boolean",),
        "whether the service truncates an interrupted answer by itself",
    ),
    Field(
        f"{_PREFIX}.appended_text_after_truncation",
        ("string",),
        "the text added to a truncated answer in the history",
        variants=AZURE_VADS,
    ),
    Field(
        f"{_PREFIX}.remove_filler_words",
        ("boolean",),
        "whether filler words such as umm do not interrupt",
        variants=AZURE_VADS,
    ),
    Field(
        f"{_PREFIX}.languages",
        ("strings",),
        "the spoken languages",
        variants=("azure_semantic_vad", "azure_semantic_vad_multilingual"),
    ),
    Field(
        f"{_PREFIX}.speech_duration_assistant_speaking_ms",
        ("integer",),
        "the speech that interrupts an answer, in ms",
        low=0,
        high=60_000,
        variants=AZURE_VADS,
    ),
    Field(
        f"{_PREFIX}.eagerness",
        ("string",),
        "how early a turn ends",
        values=("low", "medium", "high", "auto"),
        variants=("semantic_vad",),
    ),
    Field(
        _UTTERANCE,
        ("table",),
        "the detection of complete sentences, for which the end of a turn waits",
        nullable=True,
        discriminator="model",
        variants=LEVELLED_VADS,
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
    ),
    Field(
        f"{_UTTERANCE}.threshold_level",
        ("string",),
        "the confidence needed to end a turn; a lower one ends it earlier",
        values=("low", "medium", "high", "default"),
    ),
    Field(f"{_UTTERANCE}.timeout_ms", ("integer",), "the longest wait in ms", low=0, high=60_000),
    Field(
        f"{_UTTERANCE}.threshold",
        ("number",),
        f"the confidence from 0 to 1; {FIRST_PREVIEW} only",
        low=0,
        high=1,
    ),
    Field(
        f"{_UTTERANCE}.timeout",
        ("number",),
        f"the longest wait in seconds; {FIRST_PREVIEW} only",
        low=0,
        high=60,
    ),
)
