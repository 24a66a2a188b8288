"""Checks and echoes the avatar's settings; the simulator has no avatar (protocol.md 11)."""

from __future__ import annotations

from voicelive_simulator.api.errors import missing
from voicelive_simulator.api.schema import (
    JSON,
    Field,
    Reading,
    boolean,
    integer,
    list_of,
    nullable,
    number,
    one_of,
    record,
    text,
)
from voicelive_simulator.api.tools import redact_secret
from voicelive_simulator.api.turn_detection import FIRST_GA

_POINT = list_of(integer(0), least=2, most=2)
_VIDEO = record(
    {
        "bitrate": Field(nullable(integer(1)), 2_000_000, shown=True),
        "codec": Field(nullable(one_of("h264")), "h264", shown=True),
        "crop": Field(
            nullable(
                record(
                    {
                        "top_left": Field(_POINT, required=True),
                        "bottom_right": Field(_POINT, required=True),
                    }
                )
            )
        ),
        "resolution": Field(
            nullable(
                record(
                    {
                        "width": Field(integer(1), required=True),
                        "height": Field(integer(1), required=True),
                    }
                )
            )
        ),
        "background": Field(
            nullable(
                record({"color": Field(nullable(text())), "image_url": Field(nullable(text()))})
            ),
            since=FIRST_GA,
        ),
        "gop_size": Field(nullable(integer(1)), 10, shown=True, since=FIRST_GA),
    }
)
_SCENE = record(
    {
        name: Field(nullable(number()))
        for name in (
            "zoom",
            "position_x",
            "position_y",
            "rotation_x",
            "rotation_y",
            "rotation_z",
            "amplitude",
        )
    }
)
_ICE_SERVER = record(
    {
        "urls": Field(list_of(text(least=1), least=1), required=True),
        "username": Field(nullable(text())),
        "credential": Field(nullable(redact_secret)),
    }
)
_AVATAR = record(
    {
        "type": Field(one_of("video-avatar", "photo-avatar"), "video-avatar", shown=True),
        "ice_servers": Field(nullable(list_of(_ICE_SERVER)), shown=True),
        "character": Field(text(least=1), required=True),
        "style": Field(nullable(text()), shown=True),
        "model": Field(nullable(one_of("vasa-1"))),
        "customized": Field(boolean, required=True),
        "video": Field(nullable(_VIDEO), shown=True),
        "scene": Field(nullable(_SCENE), shown=True),
        "output_protocol": Field(nullable(one_of("webrtc", "websocket")), "webrtc", shown=True),
        "output_audit_audio": Field(nullable(boolean), False, shown=True),
    }
)


def avatar(value: object, param: str, reading: Reading) -> JSON:
    """Check the avatar's settings and return the effective ones. Raises Refused, also for a
    photo-avatar without its base model."""
    effective: JSON = _AVATAR(value, param, reading)
    if effective["type"] == "photo-avatar" and not effective.get("model"):
        raise missing(f"{param}.model")
    return effective
