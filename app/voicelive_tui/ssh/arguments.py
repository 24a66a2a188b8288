"""The arguments of `voicelive-tui ssh`: the options of `ssh` itself, HOST, and what the console
there gets."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from voicelive_tui.ssh.ssh_error import SshError

REMOTE_COMMAND: Final = "voicelive-tui"
"""How the program is started on HOST where the user names no other way."""

_TAKE_VALUE: Final = frozenset("BbcDEeFIiJLlmOoPpQRSWw")
"""The options of ssh that are followed by a value (ssh(1) of OpenSSH 9)."""
_FORWARDS: Final = frozenset("DLRw")
"""The options of ssh that only the connection needs, not each command that goes through it."""
_REFUSED: Final = {
    **dict.fromkeys("fNn", "the console needs the terminal and a command on HOST"),
    **dict.fromkeys("GOQVW", "it does something else than to open a session"),
    **dict.fromkeys("sT", "the console needs a terminal on HOST"),
    "M": "this command makes its own master connection, or uses yours if it is there",
}
"""The options of ssh that cannot be used here, with the reason."""


@dataclass(frozen=True, slots=True)
class SshArguments:
    """What was typed behind `voicelive-tui ssh`.

    options: the options for `ssh`, unchanged. host: HOST as `ssh` takes it, such as `user@server`
    or `ssh://user@server:2222`. console: the arguments of the console on HOST. tmux: whether the
    console may run in tmux there. remote_command: the shell words that start the program on HOST.
    """

    options: tuple[str, ...]
    host: str
    console: tuple[str, ...] = ()
    tmux: bool = True
    remote_command: str = REMOTE_COMMAND

    @property
    def session_options(self) -> tuple[str, ...]:
        """The options for a command that goes through the connection that is there already:
        without port forwards and jump hosts, which concern the connection itself."""
        kept: list[str] = []
        words = iter(self.options)
        for word in words:
            letters, value_follows = _letters(word)
            value = [next(words)] if value_follows else []
            if letters[-1] not in _FORWARDS | {"J", "S"}:
                kept += [word, *value]
            elif len(letters) > 1:
                kept.append(f"-{letters[:-1]}")
        return tuple(kept)

    @property
    def session_name(self) -> str:
        """The name of this console on HOST: the same command has the same name. Lower-case
        letters, digits and hyphens, at most 33 of them."""
        words = re.sub(r"[^a-z0-9]+", "-", " ".join(self.console).lower()).strip("-")[:24]
        exact = "\0".join((self.remote_command, *self.console)).encode("utf-8", "surrogateescape")
        return f"{words.strip('-') or 'console'}-{hashlib.sha256(exact).hexdigest()[:8]}"


def parse(arguments: Sequence[str]) -> SshArguments:
    """Read the arguments that stand behind `voicelive-tui ssh`. Raises SshError."""
    options: list[str] = []
    tmux, remote_command = True, REMOTE_COMMAND
    words = list(arguments)
    while words and words[0].startswith("-") and words[0] != "-":
        word = words.pop(0)
        if word == "--":
            break
        name, equals, value = word.partition("=")
        if word == "--no-tmux":
            tmux = False
        elif name == "--remote-command":
            remote_command = value if equals else _value(word, words)
        elif word.startswith("--"):
            raise SshError(
                f"{name} is no option of ssh; the options of the console stand behind HOST."
            )
        else:
            options += _ssh_option(word, words)
    if not words:
        raise SshError("the name of HOST is missing; 'voicelive-tui ssh --help' explains.")
    host, *console = words
    if not host.strip() or host.startswith("-"):
        raise SshError(f"{host!r} cannot be the name of HOST.")
    if not remote_command.strip():
        raise SshError("--remote-command is empty; it says how the program is started on HOST.")
    _check_console(console)
    return SshArguments(tuple(options), host, tuple(console), tmux, remote_command)


def _check_console(console: Sequence[str]) -> None:
    for word in console:
        if word.partition("=")[0] == "--audio":
            raise SshError("--audio is set by this command itself; leave it out.")


def _ssh_option(word: str, following: list[str]) -> list[str]:
    """The option with its value, which is taken from the words that follow. Raises SshError."""
    letters, value_follows = _letters(word)
    for letter in letters:
        if reason := _REFUSED.get(letter):
            raise SshError(f"ssh's option -{letter} cannot be used here: {reason}.")
    if value_follows:
        return [word, _value(f"-{letters[-1]}", following)]
    return [word]


def _letters(word: str) -> tuple[str, bool]:
    """The option letters of a word such as `-vp22`, up to the first one that takes a value, and
    whether that value is the next word."""
    for index, letter in enumerate(word[1:], start=2):
        if letter in _TAKE_VALUE:
            return word[1:index], index == len(word)
    return word[1:], False


def _value(option: str, following: list[str]) -> str:
    if not following:
        raise SshError(f"{option} needs a value.")
    return following.pop(0)
