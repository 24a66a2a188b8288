"""Names that a newcomer can guess: no retired name returns, and no two things in a package share a
name."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[1] / "app"
PACKAGES = ("voicelive_common", "voicelive_simulator", "voicelive_tui")

PRIVATE_WORDS = (
    "house wish unheard open_turn collector uplink takeaway next_step profile_desk words "
    "wire_titles moving sheet paint keys_line hint_line paced ledger playout lenient "
    "complaint transcript_book person_fold agent_fold sentences complaints plain hearing "
    "mcp_offer armed passage strike door doorkeeper control_desk drip thrift dialogues "
    "causes manner voicing riff"
)
"""Retired names of modules and folders that no reader could guess. They are used nowhere."""

MISLEADING_WORDS = {
    "voicelive_tui/audio": "ledger link notices outbox playback",
    "voicelive_tui/engine": "core dialogue log logfile place ports sound",
    "voicelive_tui/headless": "stop",
    "voicelive_tui/journal": "runs sound",
    "voicelive_tui/model": "answer utterance",
    "voicelive_tui/protocol": "agent speech",
    "voicelive_tui/tui": "talk wire",
    "voicelive_simulator/dialogue": "answers arguments listener peer",
    "voicelive_simulator/replay": "line names questions",
    "voicelive_simulator/scenario": "performance table",
    "voicelive_simulator/service": "wire",
    "voicelive_simulator/sound": "run",
}
"""Retired names that are good elsewhere and misleading in this folder."""

RETIRED_CLASSES = {
    "voicelive_tui": (
        "House Wish Listener MissedSpeech OpenTurn Core Dialogue Place Sound NoticeBoard "
        "Uplink Takeaway ProfileDesk MovingScreen SheetScreen Painted KeysLine HintLine "
        "WirePane TalkPane Ledger TranscriptBook PersonFold AgentFold Answer Utterance Told "
        "Speech Agent Runs _Take StopWish Watch"
    ),
    "voicelive_simulator": (
        "Dialogue Hearing Surroundings Told Offered Standing _Charge Armed Passage Doorkeeper "
        "ControlDesk Drip Thrift Wire Questions Names Performance Manner"
    ),
}

SHARED_FILE_NAMES = {
    ("voicelive_tui", "builder.py"): "one builder for transcript entries, one for turns",
    (
        "voicelive_tui",
        "check.py",
    ): "the check of a profile, and the command `check` among the headless ones",
    (
        "voicelive_tui",
        "commands.py",
    ): "a user's commands in tui; in protocol the values that a decision returns",
    (
        "voicelive_tui",
        "context.py",
    ): "what a session may ask of the engine, and what actions of the console may use",
    (
        "voicelive_tui",
        "devices.py",
    ): "the device list of PortAudio, and the command `devices` among the headless ones",
    ("voicelive_tui", "fold.py"): "one fold of events for each subject: session, transcript, turns",
    ("voicelive_tui", "profile.py"): "the profile, and the screen that shows one",
    (
        "voicelive_tui",
        "settings.py",
    ): "the settings of this run from options and environment, and those of a profile for a form",
    (
        "voicelive_simulator",
        "conversation.py",
    ): "a conversation that is held, and a recorded one that is held again",
    (
        "voicelive_simulator",
        "handshake.py",
    ): "the handshake as the API defines it, and the faults that strike it",
    ("voicelive_simulator", "params.py"): "parameters of a response, and parameters of a fault",
    ("voicelive_simulator", "plan.py"): "the plan of a response, and the plan of a replay",
}
"""Files of one package with the same name in folders that make the difference clear, and the
difference."""


def modules(package: str) -> Iterator[Path]:
    """The package's modules except `__init__` and `__main__`, which every package has."""
    return (path for path in (APP / package).rglob("*.py") if not path.stem.startswith("__"))


def names_under(folder: Path) -> set[str]:
    """The names of all modules and folders below this one."""
    return {path.stem for path in folder.rglob("*") if path.suffix == ".py" or path.is_dir()}


def top_level_classes(path: Path) -> list[str]:
    return [
        node.name
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_has_a_private_word_for_a_name(package: str) -> None:
    assert len(list(modules(package))) > 10
    assert names_under(APP / package) & set(PRIVATE_WORDS.split()) == set()


@pytest.mark.parametrize("folder", MISLEADING_WORDS)
def test_no_module_has_a_name_that_misleads_in_its_folder(folder: str) -> None:
    found = names_under(APP / folder)
    assert found
    assert found & set(MISLEADING_WORDS[folder].split()) == set()


@pytest.mark.parametrize("package", RETIRED_CLASSES)
def test_no_retired_class_name_is_used_again(package: str) -> None:
    trees = (ast.parse(path.read_text("utf-8")) for path in modules(package))
    found = {
        node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    }
    assert len(found) > 50
    assert found & set(RETIRED_CLASSES[package].split()) == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_two_public_classes_of_a_package_share_a_name(package: str) -> None:
    paths_by_name = defaultdict(list)
    for path in modules(package):
        for name in top_level_classes(path):
            if not name.startswith("_"):
                paths_by_name[name].append(str(path.relative_to(APP)))
    assert {name: paths for name, paths in paths_by_name.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_files_of_a_package_share_a_name_only_where_their_folders_make_the_difference_plain(
    package: str,
) -> None:
    paths_by_name = defaultdict(list)
    for path in modules(package):
        paths_by_name[path.name].append(path)
    shared = {(package, name) for name, paths in paths_by_name.items() if len(paths) > 1}
    assert shared == {key for key in SHARED_FILE_NAMES if key[0] == package}
