"""The built wheel: its packages, its commands, and the files that the program reads."""

import configparser
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]


def isolation() -> list[str]:
    """pip's option to build with what is installed, if that suffices: a build environment of its
    own would need the network."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    return ["--no-build-isolation"] if all(map(installed, wanted)) else []


def installed(wanted: str) -> bool:
    """Whether this environment satisfies a requirement such as `setuptools>=77`."""
    requirement = Requirement(wanted)
    try:
        return requirement.specifier.contains(version(requirement.name), prereleases=True)
    except PackageNotFoundError:
        return False


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the clone: building in place leaves a build folder, whose stale files would go into
    the next wheel."""
    source = tmp_path_factory.mktemp("source")
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    return source


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "wheel",
        *isolation(),
        "--no-deps",
        "--wheel-dir",
        str(folder),
        str(source),
    ]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with only the wheel in it, as pip installs it."""
    folder = tmp_path_factory.mktemp("site")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, "--target", str(folder), str(wheel)], check=True)
    return folder


def test_the_wheel_has_three_top_level_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        top = {name.split("/")[0] for name in archive.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {
        "voicelive_tui",
        "voicelive_simulator",
        "voicelive_common",
    }


def test_the_wheel_holds_every_source_file_of_the_package_and_no_tests(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "app"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    wanted = {
        name.removeprefix("app/")
        for name in tracked
        if (ROOT / name).is_file() and not name.startswith("app/docs/")
    }
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert wanted <= packed
    assert not [name for name in packed if "test" in Path(name).parts]


def test_the_source_distribution_has_the_documents(source: Path, tmp_path: Path) -> None:
    build = f"from setuptools import build_meta; print(build_meta.build_sdist({str(tmp_path)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [archive] = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as files:
        packed = {name.partition("/")[2] for name in files.getnames()}
    pages = {str(page.relative_to(ROOT)) for page in (ROOT / "app" / "docs").iterdir()}
    assert "app/docs/protocol.md" in pages
    assert pages <= packed


def test_the_commands_are_entry_points(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        table = configparser.ConfigParser()
        table.read_string(archive.read(name).decode())
    assert dict(table["console_scripts"]) == {
        "voicelive-tui": "voicelive_tui.cli:main",
        "voicelive-simulator": "voicelive_simulator.command:main",
    }


def test_the_installed_command_runs_from_the_wheel_alone(site: Path, tmp_path: Path) -> None:
    script = site / "bin" / "voicelive-tui"
    environment = {"PYTHONPATH": str(site), "PATH": "", "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, str(script), "--version"],
        env=environment,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    assert done.stdout.startswith("voicelive-tui ")
    where = "import voicelive_tui; print(voicelive_tui.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where],
        env=environment,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    assert Path(found.stdout.strip()).is_relative_to(site)


def test_the_installed_program_has_its_starter_profiles(site: Path, tmp_path: Path) -> None:
    environment = {
        "PYTHONPATH": str(site),
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "voicelive_tui", "check"],
        env=environment,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sound-check" in done.stdout
