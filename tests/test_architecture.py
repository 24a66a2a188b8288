"""What an import brings with it: the promises that import-linter cannot see, because they are about libraries and about time."""

import subprocess
import sys
from pathlib import Path

import pytest
import voicelive_tui

HEAVY = ("textual", "rich", "numpy", "websockets", "azure", "sounddevice", "soundfile", "soxr", "asyncio", "dotenv")


def loaded_by(module: str) -> set[str]:
    """Every module that a fresh interpreter has after this import."""
    script = f"import sys, {module}; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_signals_are_ours_before_anything_is_imported() -> None:
    ours = {"voicelive_tui", "voicelive_tui.cli", "voicelive_tui.plain", "voicelive_tui.plain.stop"}
    assert loaded_by("voicelive_tui.cli") - loaded_by("signal") == ours


def test_the_command_line_imports_nothing_heavy() -> None:
    loaded = loaded_by("voicelive_tui.subcommands")
    assert "voicelive_tui.subcommands" in loaded
    assert not loaded & set(HEAVY)
    assert not {
        name for name in loaded if name.startswith(("voicelive_tui.engine.", "voicelive_tui.tui", "voicelive_tui.simulator"))
    }


@pytest.mark.parametrize("module", ["voicelive_tui.engine.engine", "voicelive_tui.audio.link"])
def test_the_engine_loads_its_libraries_on_use(module: str) -> None:
    loaded = loaded_by(module)
    assert module in loaded
    assert not loaded & {"textual", "rich", "numpy", "sounddevice", "soundfile", "soxr", "azure", "azure.identity", "websockets"}


@pytest.mark.parametrize("module", ["voicelive_tui.model", "voicelive_tui.protocol"])
def test_the_pure_parts_bring_no_clock_no_threads_and_no_sockets(module: str) -> None:
    script = (
        f"import sys; before = set(sys.modules); import importlib, pkgutil, {module} as package\n"
        "for found in pkgutil.iter_modules(package.__path__): importlib.import_module(f'{package.__name__}.{found.name}')\n"
        "print('\\n'.join(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert f"{module}.{'record' if module.endswith('model') else 'commands'}" in loaded
    assert not loaded & {"asyncio", "socket", "subprocess", "multiprocessing", "numpy", "websockets"}


def test_the_simulator_takes_nothing_from_the_client() -> None:
    loaded = {name for name in loaded_by("voicelive_tui.simulator.__main__") if name.startswith("voicelive_tui.")}
    assert loaded
    assert all(name.startswith("voicelive_tui.simulator") for name in loaded)


def test_the_audio_child_takes_nothing_from_the_console() -> None:
    loaded = loaded_by("voicelive_tui.audio.host")
    assert "voicelive_tui.audio.host" in loaded
    assert not loaded & {"textual", "rich", "websockets", "azure"}


def test_no_wait_loses_a_cancellation() -> None:
    """Until Python 3.12 `asyncio.wait_for` swallows a cancellation that comes together with the result."""
    sources = list(Path(voicelive_tui.__file__).parent.rglob("*.py"))
    assert len(sources) > 100
    assert [path.name for path in sources if "asyncio.wait_for(" in path.read_text("utf-8")] == []
