"""The fields of `[session.animation]` and `[session.avatar]`.

Source: protocol.md section 11.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import Field

AVATAR_FIELDS: Final = (
    Field("session.animation", ("table",), "the output of visemes and blend shapes", nullable=True),
    Field("session.animation.model_name", ("string",), "the model of the animation"),
    Field(
        "session.animation.outputs",
        ("strings",),
        "the kinds of animation data to send",
        values=("blendshapes", "viseme_id"),
    ),
    Field("session.avatar", ("table",), "the avatar: a speaking face", nullable=True),
    Field(
        "session.avatar.type",
        ("string",),
        "the type of the avatar",
        values=("video-avatar", "photo-avatar"),
    ),
    Field("session.avatar.model", ("string",), "the model of a photo avatar", values=("vasa-1",)),
    Field("session.avatar.character", ("string",), "the name of the character", required=True),
    Field("session.avatar.style", ("string",), "the style of the character"),
    Field("session.avatar.customized", ("boolean",), "whether the character is your own"),
    Field("session.avatar.ice_servers", ("array",), "the ICE servers for WebRTC"),
    Field("session.avatar.video", ("map",), "the bitrate, crop, resolution and background"),
    Field("session.avatar.scene", ("map",), "the zoom, position and rotation of a photo avatar"),
    Field(
        "session.avatar.output_protocol",
        ("string",),
        "how the video is sent",
        values=("webrtc", "websocket"),
    ),
    Field(
        "session.avatar.output_audit_audio",
        ("boolean",),
        "whether the socket carries the audio too",
    ),
)
