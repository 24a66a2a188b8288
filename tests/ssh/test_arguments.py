"""The arguments of `voicelive-tui ssh`: what belongs to ssh, what is HOST, what the console
gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.ssh.arguments import SshArguments, parse
from voicelive_tui.ssh.ssh_error import SshError


@pytest.mark.parametrize(
    ("words", "options", "host", "console"),
    [
        (["far"], [], "far", []),
        (["-p", "22", "me@far"], ["-p", "22"], "me@far", []),
        (["-p22", "far", "-v"], ["-p22"], "far", ["-v"]),
        (["-vAp", "22", "far"], ["-vAp", "22"], "far", []),
        (["-o", "Port=22", "-oUser=me", "far"], ["-o", "Port=22", "-oUser=me"], "far", []),
        (
            ["-J", "jump", "ssh://me@far:22", "support"],
            ["-J", "jump"],
            "ssh://me@far:22",
            ["support"],
        ),
        (["-4", "--", "far", "--", "x"], ["-4"], "far", ["--", "x"]),
        (["far", "run", "x", "--text", "-N"], [], "far", ["run", "x", "--text", "-N"]),
        (["-i", "-odd-name", "far"], ["-i", "-odd-name"], "far", []),
    ],
)
def test_the_first_word_that_is_no_option_is_host(
    words: list[str], options: list[str], host: str, console: list[str]
) -> None:
    assert parse(words) == SshArguments(tuple(options), host, tuple(console))


def test_our_own_options_stand_before_host() -> None:
    parsed = parse(["-v", "--no-tmux", "--remote-command", "~/v/bin/voicelive-tui", "far"])
    assert (parsed.options, parsed.tmux) == (("-v",), False)
    assert parsed.remote_command == "~/v/bin/voicelive-tui"
    assert parse(["--remote-command=x y", "far"]).remote_command == "x y"
    assert parse(["far", "--no-tmux"]).console == ("--no-tmux",)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "HOST is missing"),
        (["-v"], "HOST is missing"),
        (["-p"], "-p needs a value"),
        (["--remote-command"], "--remote-command needs a value"),
        (["--remote-command", " ", "far"], "--remote-command is empty"),
        (["-N", "far"], "-N cannot be used here"),
        (["-vf", "far"], "-f cannot be used here"),
        (["-M", "far"], "-M cannot be used here"),
        (["-W", "x:1", "far"], "-W cannot be used here"),
        (["--simulator", "far"], "the options of the console stand behind HOST"),
        (["--", "-oProxyCommand=x"], "cannot be the name of HOST"),
        (["far", "--audio", "/x"], "--audio is set by this command"),
    ],
)
def test_what_cannot_be_is_one_sentence(words: list[str], sentence: str) -> None:
    with pytest.raises(SshError, match=sentence) as refused:
        parse(words)
    assert len(str(refused.value).splitlines()) == 1


def test_a_command_over_the_connection_repeats_no_forward_and_no_jump_host() -> None:
    parsed = parse(
        ["-vL", "1:h:2", "-AD9", "-R3:h:4", "-J", "jump", "-p", "22", "-S", "/x", "-F", "c", "far"]
    )
    assert parsed.session_options == ("-v", "-A", "-p", "22", "-F", "c")


def test_the_same_command_has_the_same_name_and_another_one_another() -> None:
    assert parse(["far"]).session_name.startswith("console-")
    assert parse(["far", "support"]).session_name.startswith("support-")
    assert parse(["-p", "1", "far", "a"]).session_name == parse(["far", "a"]).session_name
    different = [["far"], ["far", "a"], ["far", "a", "b"], ["far", "a b"]]
    assert len({parse(words).session_name for words in different}) == len(different)


@given(st.lists(st.text(max_size=40), max_size=4))
def test_a_name_is_safe_in_a_path_and_for_tmux(words: list[str]) -> None:
    name = SshArguments((), "far", tuple(words)).session_name
    assert 0 < len(name) <= 33
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
