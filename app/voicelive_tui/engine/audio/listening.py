"""Gives the sound of this machine to a console elsewhere, for front ends."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from voicelive_common.redaction.secret import Secret

from voicelive_tui.audio.listener.address import ListenAddress, ListenError
from voicelive_tui.audio.listener.listener import ListenerStatus, SoundListener
from voicelive_tui.engine.config.settings import AUDIO_TOKEN_VARIABLE, audio_token

__all__ = ["ListenError", "ListenerStatus", "Listening", "prepare_listening"]

_SHORTEST_TOKEN = 16


@dataclass(frozen=True, slots=True)
class Listening:
    """A listener that was not started yet. new_token: the token that was made for it, for the user
    to take to the console; empty if none is needed or the user has chosen one, which is
    `chosen_token`."""

    listener: SoundListener
    new_token: str = field(repr=False)
    chosen_token: Secret | None


def prepare_listening(
    where: str,
    environment: Mapping[str, str],
    *,
    on_change: Callable[[ListenerStatus], None],
    on_notice: Callable[[str], None],
) -> Listening:
    """Prepare to listen at a path or at `127.0.0.1:PORT`. Raises ListenError for an address or a
    token that cannot be used.

    A token of the environment is asked for in both cases; without one, one is made for a port.
    on_change, on_notice: as those of `SoundListener`.
    """
    address = ListenAddress.parse(where)
    chosen = audio_token(environment)
    if chosen is not None and len(chosen.reveal()) < _SHORTEST_TOKEN:
        raise ListenError(
            f"The token in {AUDIO_TOKEN_VARIABLE} is too short: use at least {_SHORTEST_TOKEN} "
            "characters, or leave the variable out."
        )
    made = secrets.token_urlsafe(32) if address.path is None and chosen is None else ""
    token = chosen.reveal() if chosen is not None else made or None
    listener = SoundListener(address, token, on_change=on_change, on_notice=on_notice)
    return Listening(listener, made, chosen)
