"""The fields of `[session.animation]` and `[session.avatar]`.

Source: protocol.md section 11.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import NOT_EMPTY, Field
from voicelive_tui.model.profile.fields.requirement import Requirement
from voicelive_tui.model.profile.fields.voice_fields import AZURE_VOICES

AVATAR_FIELDS: Final = (
    Field("session.animation", ("table",), "the output of visemes and blend shapes", nullable=True),
    Field(
        "session.animation.model_name",
        ("string",),
        "the model of the animation",
        label="animation model",
    ),
    Field(
        "session.animation.outputs",
        ("strings",),
        "the kinds of animation data to send",
        values=("blendshapes", "viseme_id"),
        label="animation data",
        value_needs={"viseme_id": Requirement(voices=AZURE_VOICES)},
    ),
    Field(
        "session.avatar",
        ("table",),
        "the avatar: a speaking face",
        nullable=True,
        discriminator="type",
    ),
    Field(
        "session.avatar.type",
        ("string",),
        "the type of the avatar",
        values=("video-avatar", "photo-avatar"),
        label="avatar",
        defaults={"": "video-avatar"},
    ),
    Field(
        "session.avatar.model",
        ("string",),
        "the model of a photo avatar",
        values=("vasa-1",),
        label="avatar model",
    ),
    Field(
        "session.avatar.character",
        ("string",),
        "the name of the character",
        required=True,
        form=NOT_EMPTY,
    ),
    Field("session.avatar.style", ("string",), "the style of the character", label="avatar style"),
    Field(
        "session.avatar.customized",
        ("boolean",),
        "whether the character is your own",
        required=True,
        label="own character",
    ),
    Field(
        "session.avatar.ice_servers", ("array",), "the ICE servers for WebRTC", label="ice servers"
    ),
    Field(
        "session.avatar.video",
        ("map",),
        "the bitrate, crop, resolution and background",
        label="avatar video",
    ),
    Field(
        "session.avatar.scene",
        ("map",),
        "the zoom, position and rotation of a photo avatar",
        label="avatar scene",
    ),
    Field(
        "session.avatar.output_protocol",
        ("string",),
        "how the video is sent",
        values=("webrtc", "websocket"),
        label="avatar output",
        defaults={"": "webrtc"},
    ),
    Field(
        "session.avatar.output_audit_audio",
        ("boolean",),
        "whether the socket carries the audio too",
        label="avatar audio",
        defaults={"": False},
    ),
)
