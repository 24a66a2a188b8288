"""The sentences about the link to another machine's audio engine: what is wrong, and what to do."""

from pathlib import Path

from voicelive_tui.paths import short_path

AUDIO_COMMAND = "voicelive-tui audio --listen"


def cannot_connect(path: Path | None, port: int, error: OSError) -> str:
    """The text for a socket that accepts no connection. path: None for a port."""
    if path is None:
        if isinstance(error, ConnectionRefusedError):
            return (
                f"Nobody listens at 127.0.0.1:{port}: start `{AUDIO_COMMAND} 127.0.0.1:PORT` on "
                "the machine with the microphone, and forward the port to here."
            )
        return f"127.0.0.1:{port} cannot be reached ({error.strerror or error})."
    name = short_path(path)
    if isinstance(error, FileNotFoundError):
        return (
            f"There is no socket {name}: start `{AUDIO_COMMAND} SOCKET` on the machine with the "
            "microphone, and make its socket available here."
        )
    if isinstance(error, PermissionError):
        return (
            f"The socket {name} belongs to another user, or its folder does: use one of your own."
        )
    if isinstance(error, ConnectionRefusedError) and path.is_socket():
        return (
            f"Nobody listens at {name} any more: start `{AUDIO_COMMAND}`, or connect with "
            "`voicelive-tui ssh` again."
        )
    return (
        f"{name} cannot be used ({error.strerror or error}): name the socket of `{AUDIO_COMMAND}`."
    )


def no_unix_sockets(path: Path) -> str:
    """The text for a Unix socket where Python has none."""
    return f"Python has no Unix sockets on this system: use 127.0.0.1:PORT instead of {path}."


def not_welcomed(place: str, reason: str) -> str:
    """The text for a socket that was connected and on which nobody answers as an audio engine does.
    reason: what happened instead."""
    return (
        f"No sound at {place} ({reason}): see that `{AUDIO_COMMAND}` or `voicelive-tui ssh` runs "
        "at its other end, with the same version as here."
    )


def unusable(machine: str, reason: str) -> str:
    """The text for an engine that was joined and does not open its devices."""
    return f"The sound of {machine} cannot be used ({reason}): see `voicelive-tui doctor` there."


def link_lost(machine: str, reason: str) -> str:
    """The text for a link that ended in a session."""
    return (
        f"The sound of {machine} is lost ({reason}): the session goes on without it until the link "
        "is back."
    )


def link_awaited(machine: str) -> str:
    """The text that stays on the screen while there is no link."""
    return f"The sound of {machine} is lost: the session goes on without it until the link is back."


def link_back(machine: str) -> str:
    """The text for a link that is there, or there again."""
    return f"The sound of {machine} is there."


def muted_there(machine: str) -> str:
    """The text for a microphone that is muted at the machine that has it."""
    return f"The microphone is muted at {machine} and can be unmuted only there."


def unmuted_there(machine: str) -> str:
    """The text for a microphone that is no longer muted at the machine that has it."""
    return f"The microphone is no longer muted at {machine}."


def file_with_device(machine: str, side: str, option: str) -> str:
    """The text for a device of another machine beside a file of this one. side: the one that stays
    without sound. option: how to choose another one."""
    return (
        f"No {side}: a sound file here and a device of {machine} cannot be used together; choose a "
        f"file for both, or `{option} none`."
    )
