"""What the configuration of ssh says about HOST."""

from pathlib import Path

from voicelive_tui.ssh.arguments import parse
from voicelive_tui.ssh.master import SshConfig, read_config


def config(folder: Path, *lines: str) -> SshConfig:
    file = folder / "config"
    file.write_text("Host far\n" + "".join(f"  {line}\n" for line in lines))
    return read_config(parse(["-F", str(file), "far"]))


def test_speech_goes_in_the_class_of_interactive_packets(tmp_path: Path) -> None:
    assert config(tmp_path, "IPQoS cs4 cs1").interactive_class == "cs4"
    assert config(tmp_path, "IPQoS none").interactive_class == "none"
    assert config(tmp_path).interactive_class != ""


def test_the_master_of_the_user_and_signs_of_life_are_those_of_the_configuration(
    tmp_path: Path,
) -> None:
    assert (config(tmp_path).control_path, config(tmp_path).keeps_alive) == ("", False)
    found = config(tmp_path, "ControlPath /run/%n", "ServerAliveInterval 7")
    assert (found.control_path, found.keeps_alive) == ("/run/far", True)
