"""`voicelive-tui ssh` against a real sshd: one connection, one sign-in, sentences for what cannot
be."""

import json
import os
import subprocess

import pytest
from voicelive_common import __version__
from voicelive_common.exit_codes import ExitCode

from tests.support.program import Program
from tests.support.ssh_server import HOST, SshServer, needs_sshd, ssh_server

pytestmark = needs_sshd


@pytest.fixture
def server(shared_ssh_server: SshServer) -> SshServer:
    return shared_ssh_server


def run(
    program: Program, server: SshServer, *words: str, options: tuple[str, ...] = ()
) -> "subprocess.CompletedProcess[str]":
    """Run `voicelive-tui ssh` for a command that prints lines, and check what is left behind."""
    near = server.folder / "near"
    near.mkdir(exist_ok=True)
    done = program.run(
        "ssh", *server.options(), *options, *words, environment={"XDG_RUNTIME_DIR": str(near)}
    )
    assert os.listdir(near) == []
    assert server.links() == []
    return done


def showing_link(server: SshServer) -> list[str]:
    """The option for a program that, in the place of a console, prints its arguments and its link
    and ends with 7."""
    show = 'case "$1" in --audio) echo "$@"; cat "$2/link.json"; exit 7;; esac'
    program = server.program("show", f'{show}; exec voicelive-tui "$@"')
    return ["--remote-command", program]


def sign_ins(server: SshServer) -> int:
    return server.log.count("Accepted publickey")


def test_a_command_runs_on_host_with_its_exit_code_and_one_sign_in(
    program: Program, server: SshServer
) -> None:
    before = sign_ins(server)
    done = run(program, server, *showing_link(server), HOST, "check", "it's one")
    banner, arguments, link = done.stdout.splitlines()
    assert "Welcome to far" in banner
    folder = arguments.split()[1]
    assert arguments == f"--audio {folder} check it's one"
    assert json.loads(link)["socket"].startswith(f"{folder}/")
    assert done.stderr == ""
    assert done.returncode == 7
    assert sign_ins(server) == before + 1


def test_the_connection_of_the_user_is_used_and_kept(program: Program, server: SshServer) -> None:
    path = server.folder / "mine"
    master = ["ssh", *server.options(), "-o", "ControlMaster=yes", "-o", f"ControlPath={path}"]
    subprocess.run([*master, "-fN", HOST], check=True)
    try:
        before = sign_ins(server)
        options = ("-o", f"ControlPath={path}")
        done = run(program, server, *showing_link(server), HOST, "check", options=options)
        assert done.returncode == 7
        assert sign_ins(server) == before
        subprocess.run([*master, "-O", "check", HOST], check=True, capture_output=True)
    finally:
        subprocess.run([*master, "-O", "exit", HOST], check=False, capture_output=True)


def test_where_unix_sockets_are_refused_a_port_is_used_and_told(program: Program) -> None:
    with ssh_server({"AllowStreamLocalForwarding": "no", "MaxSessions": "1"}) as server:
        done = run(program, server, *showing_link(server), HOST, "check")
    assert "forwards no Unix sockets (AllowStreamLocalForwarding)" in done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["socket"].startswith("127.0.0.1:")
    assert done.returncode == 7


def test_where_nothing_is_forwarded_there_is_no_sound(
    program: Program,
) -> None:
    with ssh_server({"DisableForwarding": "yes"}) as server:
        done = run(program, server, HOST, "check")
    assert "forwards neither Unix sockets nor ports" in done.stderr
    assert done.returncode == ExitCode.UNREACHABLE


def test_a_missing_package_is_one_sentence_with_the_install_command(
    program: Program, server: SshServer
) -> None:
    done = run(program, server, "--remote-command", "no-such-program", HOST, "check")
    assert done.stderr.splitlines() == [
        f"voicelive-tui: far has no voicelive-tui: the command 'no-such-program' was not found "
        f"there; this machine has {__version__}. Install it on far: pipx install '.[demo]' in a "
        "clone of the repository."
    ]
    assert done.returncode == ExitCode.UNREACHABLE


def test_a_version_without_this_command_is_named(program: Program, server: SshServer) -> None:
    old = server.program(
        "old",
        'case "$1" in --version) echo voicelive-tui 0.0.9;; *) echo "unknown" >&2; exit 2;; esac',
    )
    done = run(program, server, "--remote-command", old, HOST, "check")
    assert "far has voicelive-tui 0.0.9, which knows no sound over SSH" in done.stderr
    assert f"this machine has {__version__}" in done.stderr
    assert done.returncode == ExitCode.UNREACHABLE


def test_a_python_that_is_too_old_is_named(program: Program, server: SshServer) -> None:
    (server.home / "bin").mkdir(exist_ok=True)
    python = server.home / "bin" / "python3"
    python.write_text("#!/bin/sh\necho Python 3.9.2\n")
    python.chmod(0o755)
    command = f"PATH={python.parent}:$PATH; no-such-program"
    done = run(program, server, "--remote-command", command, HOST, "check")
    assert "far has Python 3.9 and needs 3.11 or newer" in done.stderr


def test_an_account_that_is_refused_is_told_by_ssh_and_by_us(
    program: Program, server: SshServer
) -> None:
    done = run(program, server, "-l", "nobody-here", HOST, "check")
    assert "Permission denied (publickey)" in done.stderr
    assert done.stderr.splitlines()[-1] == (
        "voicelive-tui: no connection to far; ssh says why in the lines above."
    )
    assert done.returncode == ExitCode.UNREACHABLE
