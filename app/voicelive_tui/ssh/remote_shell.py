"""The shell commands that HOST runs.

Each is one line for whatever login shell the user has there. The work is done by `/bin/sh` below a
login shell, because PATH and the variables of the Azure resource are usually set in its profile.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LINK_MARK: Final = "voicelive-tui:link "
"""Begins the line with the answer of `audio-link`; the lines before are a login banner."""
NO_TERMINAL: Final = 92
"""The exit code of a console command that got no terminal on HOST."""

_SCRIPT: Final = "VOICELIVE_TUI_SCRIPT"
# A tmux that is not seen: no status line, no prefix key; mouse, colours, clipboard as without it.
_TMUX_SETTINGS: Final = (
    ("-gq", "status", "off"),
    ("-gq", "prefix", "None"),
    ("-gq", "prefix2", "None"),
    ("-gq", "mouse", "off"),
    ("-gq", "focus-events", "on"),
    ("-gq", "default-terminal", "screen-256color"),
    ("-sq", "escape-time", "20"),
    ("-sq", "set-clipboard", "on"),
)


@dataclass(frozen=True, slots=True)
class RemoteConsole:
    """The console that is to be started on HOST.

    remote_command: shell words that start the program. arguments: those of the console.
    folder: where `link.json` is, an absolute path. tmux: the name of the tmux server that keeps the
    console, None to run it without. true_colour: whether the terminal here shows 24-bit colours.
    needs_terminal: whether it draws on a terminal.
    """

    remote_command: str
    arguments: Sequence[str]
    folder: str
    tmux: str | None = None
    true_colour: bool = False
    needs_terminal: bool = True


def in_login_shell(script: str) -> str:
    """The command line for `ssh` that runs this script in `/bin/sh`, below the user's login
    shell."""
    inner = shlex.quote(f'exec /bin/sh -c "${_SCRIPT}"')
    outer = (
        f"{_SCRIPT}={shlex.quote(f'unset {_SCRIPT}; {script}')}; export {_SCRIPT}; "
        'case "${SHELL:-/bin/sh}" in '
        f'*/bash|*/zsh|*/ksh|*/mksh|*/fish) exec "$SHELL" -l -c {inner};; '
        f"*) exec /bin/sh -l -c {inner};; esac"
    )
    return f"exec /bin/sh -c {shlex.quote(outer)}"


def prepare_script(remote_command: str) -> str:
    """Let the program prepare the link, and tell it whether there is tmux: the request is on
    standard input, the answer a line behind LINK_MARK."""
    return f"{remote_command} audio-link prepare $(tmux -V >/dev/null 2>&1 </dev/null && echo tmux)"


def versions_script(remote_command: str) -> str:
    """Print the version of the program, if it can be started, and that of python3."""
    return f"{remote_command} --version </dev/null; python3 --version </dev/null"


def remove_script(folder: str) -> str:
    """Remove the folder of a link."""
    return f"rm -rf -- {shlex.quote(folder)}"


def console_script(console: RemoteConsole) -> str:
    """Run the console, in tmux if it is to be kept there, and end with its exit code."""
    parts = []
    if console.needs_terminal:
        parts.append(f"[ -t 0 ] && [ -t 1 ] || exit {NO_TERMINAL}")
    if console.true_colour:
        parts.append("COLORTERM=truecolor; export COLORTERM")
    parts += _kept_in_tmux(console) if console.tmux else _run_here(console)
    return "; ".join(parts)


def _program(console: RemoteConsole) -> str:
    folder = shlex.quote(console.folder)
    return f"{console.remote_command} --audio {folder} {shlex.join(console.arguments)}".rstrip()


def _run_here(console: RemoteConsole) -> list[str]:
    # The shell outlives a closed terminal, unlike the console, so that the folder is removed.
    return [
        "trap : HUP INT TERM",
        _program(console),
        "code=$?",
        remove_script(console.folder),
        "exit $code",
    ]


def _kept_in_tmux(console: RemoteConsole) -> list[str]:
    folder = shlex.quote(console.folder)
    ended, notes = f"{folder}/exit", f"{folder}/notes"
    within = (
        f"{_program(console)}; code=$?; "
        # What the console prints when it has ended would go with the window.
        f'tmux capture-pane -p -t "$TMUX_PANE" >{notes} 2>/dev/null; echo $code >{ended}'
    )
    tmux = f"tmux -L {shlex.quote(console.tmux or '')}"
    settings = [*_TMUX_SETTINGS]
    if console.true_colour:
        settings.append(("-sq", "terminal-overrides", ",*:Tc"))
    commands = [
        "start-server",
        *(f"set {shlex.join(setting)}" for setting in settings),
        f"new-session -A -D -s console /bin/sh -c {shlex.quote(within)}",
    ]
    return [
        'if command -v infocmp >/dev/null && ! infocmp "$TERM" >/dev/null 2>&1; '
        "then TERM=xterm-256color; export TERM; fi",
        f"{tmux} -f /dev/null " + " \\; ".join(commands),
        "code=$?",
        f'if [ -f {ended} ]; then read -r code <{ended}; sed "/^ *$/d" {notes}; '
        f'{remove_script(console.folder)}; exit "${{code:-1}}"; fi',
        f"if {tmux} has-session 2>/dev/null; then echo {shlex.quote(_GOES_ON)}; exit 0; fi",
        "exit $code",
    ]


_GOES_ON: Final = (
    "voicelive-tui: the console goes on in tmux; the same command attaches to it again."
)
