"""The rules of `[session.avatar]` and of the tables in it (protocol.md section 11)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from voicelive_tui.model.profile.fields.field import Kind, has_kind
from voicelive_tui.model.profile.rules.description import closest_match
from voicelive_tui.model.profile.rules.finding import Finding, ignored, refused

_KEY: Final = "session.avatar"
Shape = Mapping[str, "tuple[Kind, bool, str]"]
"""The names in a table: the type, whether the name is required, and the type in words."""

_POINT: Final = ("array", True, "an array of two whole numbers, from 0")
_SIZE: Final = ("integer", True, "a whole number, 1 or more")
_COUNT: Final = ("integer", False, "a whole number, 1 or more")
_TEXT: Final = ("string", False, "a string")
SHAPES: Final[Mapping[str, Shape]] = {
    "video": {
        "bitrate": _COUNT,
        "codec": ("string", False, '"h264"'),
        "crop": ("table", False, "a table"),
        "resolution": ("table", False, "a table"),
        "background": ("table", False, "a table"),
        "gop_size": _COUNT,
    },
    "video.crop": {"top_left": _POINT, "bottom_right": _POINT},
    "video.resolution": {"width": _SIZE, "height": _SIZE},
    "video.background": {"color": _TEXT, "image_url": _TEXT},
    "scene": {
        name: ("number", False, "a number")
        for name in (
            "zoom",
            "position_x",
            "position_y",
            "rotation_x",
            "rotation_y",
            "rotation_z",
            "amplitude",
        )
    },
    "ice_servers.*": {
        "urls": ("strings", True, "an array of at least one address"),
        "username": _TEXT,
        "credential": _TEXT,
    },
}


def check_avatar(session: Mapping[str, Any]) -> Iterator[Finding]:
    """Check the tables of an avatar, and that a photo avatar has its model."""
    avatar = session.get("avatar")
    if not isinstance(avatar, Mapping):
        return
    if avatar.get("type") == "photo-avatar" and "model" not in avatar:
        yield refused(_KEY, 'a "photo-avatar" needs a `model`', 'write model = "vasa-1"')
    for name in ("video", "scene"):
        if isinstance(avatar.get(name), Mapping):
            yield from _check_table(name, f"{_KEY}.{name}", avatar[name])
    servers = avatar.get("ice_servers")
    for at, server in enumerate(servers if isinstance(servers, list) else ()):
        key = f"{_KEY}.ice_servers.{at}"
        if isinstance(server, Mapping):
            yield from _check_table("ice_servers.*", key, server)
        else:
            yield refused(key, f"`{key}` must be a table", 'for example { urls = ["turn:HOST"] }')


def _check_table(pattern: str, key: str, table: Mapping[str, Any]) -> Iterator[Finding]:
    shape = SHAPES[pattern]
    for name, (_, required, expected) in shape.items():
        if required and name not in table:
            yield refused(key, f"`{name}` is missing in `{key}`", expected)
    for name, value in table.items():
        child = f"{key}.{name}"
        if name not in shape:
            guess = closest_match(name, shape)
            message = f"`{child}` is not known to this version"
            if guess:
                yield ignored(child, message, f"did you mean `{guess}`? it is sent unchanged")
            else:
                yield Finding(child, "info", message, "it is sent unchanged")
        elif not has_kind(value, shape[name][0]) or not _fits(name, value):
            message = f"`{child}` must be {shape[name][2]}"
            yield refused(child, message, "correct it, or leave it out")
        elif f"{pattern}.{name}" in SHAPES:
            yield from _check_table(f"{pattern}.{name}", child, value)


def _fits(name: str, value: Any) -> bool:
    """Return whether a value of the right type is one that the service takes."""
    match name:
        case "bitrate" | "gop_size" | "width" | "height":
            return bool(value >= 1)
        case "codec":
            return bool(value == "h264")
        case "top_left" | "bottom_right":
            return len(value) == 2 and all(
                has_kind(each, "integer") and each >= 0 for each in value
            )
        case "urls":
            return bool(value) and all(value)
        case _:
            return True
