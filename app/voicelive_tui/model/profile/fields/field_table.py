"""All fields of a profile, and the same by key and by table.

The service may know more: inside `[session]` an unknown name is never an error.
"""

from collections.abc import Mapping
from typing import Final

from voicelive_tui.model.profile.fields.avatar_fields import AVATAR_FIELDS
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.greeting_fields import GREETING_FIELDS
from voicelive_tui.model.profile.fields.input_audio_fields import INPUT_AUDIO_FIELDS
from voicelive_tui.model.profile.fields.interim_response_fields import INTERIM_RESPONSE_FIELDS
from voicelive_tui.model.profile.fields.profile_fields import PROFILE_FIELDS
from voicelive_tui.model.profile.fields.session_fields import SESSION_FIELDS
from voicelive_tui.model.profile.fields.tool_fields import TOOL_FIELDS
from voicelive_tui.model.profile.fields.turn_detection_fields import TURN_DETECTION_FIELDS
from voicelive_tui.model.profile.fields.voice_fields import VOICE_FIELDS

FIELDS: Final[tuple[Field, ...]] = (
    *PROFILE_FIELDS,
    *SESSION_FIELDS,
    *VOICE_FIELDS,
    *TURN_DETECTION_FIELDS,
    *INPUT_AUDIO_FIELDS,
    *TOOL_FIELDS,
    *INTERIM_RESPONSE_FIELDS,
    *AVATAR_FIELDS,
    *GREETING_FIELDS,
)
"""Every known field; a key appears more than once when its variants differ."""

FIELDS_BY_KEY: Final[Mapping[str, tuple[Field, ...]]] = {
    key: tuple(field for field in FIELDS if field.key == key)
    for key in dict.fromkeys(field.key for field in FIELDS)
}
CHILDREN: Final[Mapping[str, tuple[str, ...]]] = {
    parent: tuple(
        key.rpartition(".")[2] for key in FIELDS_BY_KEY if key.rpartition(".")[0] == parent
    )
    for parent in dict.fromkeys(key.rpartition(".")[0] for key in FIELDS_BY_KEY)
}
"""The known names in each table, by the table's key; the top level has the empty key."""
