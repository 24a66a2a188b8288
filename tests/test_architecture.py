"""The modules that an import loads: rules that import-linter cannot check, because they concern
libraries and speed."""

import ast
import importlib
import subprocess
import sys
from dataclasses import fields
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
import voicelive_tui
from voicelive_tui.model.session.recording_status import RecordingStatus
from voicelive_tui.model.session.snapshot import SessionSnapshot

HEAVY = (
    "textual",
    "rich",
    "numpy",
    "websockets",
    "azure",
    "sounddevice",
    "soundfile",
    "soxr",
    "asyncio",
    "dotenv",
    "jsonschema",
)


def loaded_by(module: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after this import."""
    script = f"import sys, {module}; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_signals_are_ours_before_anything_is_imported() -> None:
    packages = {"voicelive_common", "voicelive_tui", "voicelive_tui.headless"}
    ours = {*packages, "voicelive_tui.cli", "voicelive_tui.headless.signals"}
    assert loaded_by("voicelive_tui.cli") - loaded_by("signal") == ours


def test_the_command_line_imports_nothing_heavy() -> None:
    loaded = loaded_by("voicelive_tui.subcommands")
    assert "voicelive_tui.subcommands" in loaded
    assert not loaded & set(HEAVY)
    assert not {
        name
        for name in loaded
        if name.startswith(("voicelive_tui.engine.", "voicelive_tui.tui", "voicelive_simulator"))
    }


@pytest.mark.parametrize(
    "module", ["voicelive_tui.engine.engine", "voicelive_tui.audio.client.client"]
)
def test_the_engine_loads_its_libraries_on_use(module: str) -> None:
    loaded = loaded_by(module)
    assert module in loaded
    assert not loaded & {
        "textual",
        "rich",
        "numpy",
        "sounddevice",
        "soundfile",
        "soxr",
        "jsonschema",
        "azure",
        "azure.identity",
        "websockets",
    }


def test_the_console_loads_what_its_first_frame_does_not_show_on_use() -> None:
    loaded = loaded_by("voicelive_tui.tui.terminal_app")
    assert "voicelive_tui.tui.screens.console" in loaded
    windows = {"help", "picker", "profile", "quit", "resume", "text_modal", "trust", "unsaved"}
    windows |= {"page_modal", "palette", "profile_changes", "profile_name", "profile_questions"}
    assert not loaded & {
        *(f"voicelive_tui.tui.screens.{window}" for window in windows),
        "voicelive_tui.tui.widgets.message_field",
        "textual.widgets._text_area",
        "voicelive_tui.tui.clipboard",
        "voicelive_tui.tui.command_words",
        "voicelive_tui.tui.export_files",
        "voicelive_tui.tui.help_layout",
        "voicelive_tui.tui.palette_entries",
        "voicelive_tui.tui.profile_actions",
        "voicelive_tui.tui.profile_saving",
        "voicelive_tui.engine.config.profile_writer",
        "voicelive_tui.model.profile.edit_text",
        "voicelive_tui.tui.screenshots",
        "voicelive_tui.tui.panes.notices_page",
        "voicelive_tui.journal.exports",
        "voicelive_tui.journal.writer",
        "dotenv",
        "importlib.resources",
        "jsonschema",
        "numpy",
        "websockets",
    }


@pytest.mark.parametrize("module", ["voicelive_tui.model", "voicelive_tui.protocol"])
def test_the_pure_parts_bring_no_clock_no_threads_and_no_sockets(module: str) -> None:
    script = (
        f"import sys; before = set(sys.modules); import importlib, pkgutil, {module} as package\n"
        "for found in pkgutil.walk_packages(package.__path__, package.__name__ + '.'): "
        "importlib.import_module(found.name)\n"
        "print('\\n'.join(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert f"{module}.{'events.record' if module.endswith('model') else 'commands'}" in loaded
    assert not loaded & {
        "asyncio",
        "socket",
        "subprocess",
        "multiprocessing",
        "numpy",
        "websockets",
    }


CLOCKS = {"time", "sched", "signal", "asyncio", "threading", "concurrent.futures"}
READS_THE_DATE = {"now", "utcnow", "today"}


def clocks_in(source: str) -> set[str]:
    """The modules that tell or pass the time, and the methods of `datetime` that read it."""
    methods = {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in READS_THE_DATE
    }
    return methods | (imported_names(source) & CLOCKS)


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from time import perf_counter",
        "def later():\n    import asyncio",
        "from datetime import datetime\nstarted = datetime.now()",
        "import datetime\nday = datetime.date.today",
    ],
)
def test_a_clock_is_seen_however_it_is_read(source: str) -> None:
    assert clocks_in(source)


@pytest.mark.parametrize("package", ["voicelive_tui.model", "voicelive_tui.protocol"])
def test_the_pure_parts_read_no_clock(package: str) -> None:
    """Time comes to them as an argument."""
    sources = {
        path.name: path.read_text("utf-8")
        for path in Path(importlib.import_module(package).__path__[0]).rglob("*.py")
    }
    assert len(sources) > 10
    assert {name: clocks_in(source) for name, source in sources.items() if clocks_in(source)} == {}


OWNERS = {"session", "connection", "conversation", "recording", "controller"}
"""What owns parts that are its own business, as its variables and attributes are named, with or
without an underscore."""


def parts_reached(source: str) -> set[str]:
    """What a source reaches for through an owner: `owner.part.anything` and `owner._part`.

    A snapshot of a session is often named so too; the values in it are for anybody to read, and so
    are those of its recording.
    """
    values = {field.name for field in (*fields(SessionSnapshot), *fields(RecordingStatus))}
    reached: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        inner = node.value if isinstance(node, ast.Attribute) else None
        if isinstance(inner, ast.Attribute) and is_owner(inner.value):
            reached |= {inner.attr} - values
        if isinstance(node, ast.Attribute) and is_owner(node.value) and node.attr[0] == "_":
            reached.add(node.attr)
    return reached


def is_owner(node: ast.expr) -> bool:
    """The name of an owner, or an attribute of that name of anything."""
    name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
    return name.removeprefix("_") in OWNERS


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("tab.session.runner.talk()", "runner"),
        ("session.connection.conversation.manual", "connection"),
        ("count = tab.session.index.count", "index"),
        ("self.tab.session._journal", "_journal"),
        ("self._connection.conversation.manual", "conversation"),
        ("host.conversation.output.drained(part)", "output"),
        ("tab.recording.recorded.index", "recorded"),
        ("self._controller.publisher.snapshot", "publisher"),
        ("controller._tabs", "_tabs"),
    ],
)
def test_a_part_is_seen_however_it_is_reached(source: str, part: str) -> None:
    assert part in parts_reached(source)
    assert not parts_reached("tab.session.talk(); session.view.transcript[0]; tab.session.index")


def test_nothing_reaches_through_an_owner_into_its_parts() -> None:
    """The connection that `net` wraps is a library's, and its parts are public."""
    root = Path(voicelive_tui.__file__).parent
    sources = {
        str(path): path.read_text("utf-8")
        for path in root.rglob("*.py")
        if path.parent != root / "net"
    }
    assert any("tab.session" in source for source in sources.values())
    assert {
        name: parts for name, source in sources.items() if (parts := parts_reached(source))
    } == {}


def test_the_simulator_is_a_program_of_its_own() -> None:
    loaded = loaded_by("voicelive_simulator.__main__") | loaded_by(
        "voicelive_simulator.service.server"
    )
    assert "voicelive_simulator.service.server" in loaded
    assert not loaded & {"voicelive_tui", "textual", "rich", "sounddevice", "azure"}


def test_the_console_takes_nothing_from_the_simulator() -> None:
    loaded = loaded_by("voicelive_tui.engine.engine") | loaded_by("voicelive_tui.tui.terminal_app")
    assert "voicelive_tui.tui.terminal_app" in loaded
    assert "voicelive_simulator" not in loaded


def test_the_audio_child_takes_nothing_from_the_console() -> None:
    loaded = loaded_by("voicelive_tui.audio.host.server")
    assert "voicelive_tui.audio.host.server" in loaded
    assert not loaded & {"textual", "rich", "websockets", "azure"}


def test_no_wait_loses_a_cancellation() -> None:
    """Until Python 3.12, `asyncio.wait_for` swallows a cancellation that arrives together with the
    result."""
    sources = list(Path(voicelive_tui.__file__).parent.rglob("*.py"))
    assert len(sources) > 100
    assert [path.name for path in sources if "asyncio.wait_for(" in path.read_text("utf-8")] == []


def modules_of(package: str) -> dict[str, Path]:
    """The file of each module of a package, by the module's full name."""
    root = Path(importlib.import_module(package).__path__[0]).parent
    files = {
        path.relative_to(root).with_suffix(""): path for path in (root / package).rglob("*.py")
    }
    return {
        ".".join(module.parts).removesuffix(".__init__"): path for module, path in files.items()
    }


def imported_names(source: str) -> set[str]:
    """The modules that a source may import: at the top, inside functions, and for type checking
    only."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None and not node.level, "imports are absolute here"
            # `from package import module` imports a module too.
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def cycle_in(imports: dict[str, set[str]]) -> list[str]:
    """The modules of one import cycle; empty if there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize(
    "source",
    [
        "import p.a",
        "from p.a import name",
        "from p import a",
        "def use():\n    from p.a import name",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from p.a import Name",
    ],
)
def test_an_import_cycle_is_found_wherever_the_import_is(source: str) -> None:
    assert "p.a" in imported_names(source)
    assert sorted(set(cycle_in({"p.a": {"p.b"}, "p.b": {"p.a"}, "p.c": {"p.a"}}))) == ["p.a", "p.b"]


@pytest.mark.parametrize("package", ["voicelive_tui", "voicelive_simulator", "voicelive_common"])
def test_no_modules_import_each_other_in_a_circle_not_even_for_their_types(package: str) -> None:
    modules = modules_of(package)
    imports = {
        name: imported_names(path.read_text("utf-8")) & (modules.keys() - {name})
        for name, path in modules.items()
    }
    assert any(imports.values())
    assert cycle_in(imports) == []
