"""A file as speaker, seen from the console: when the file appears, and where its audio is until
then."""

import os
import signal
import wave
from pathlib import Path

import pytest
from voicelive_tui.audio.ipc.messages import DeviceNotice, Drained, InputEnded, Opened

from tests.audio.support.audio_probe import AudioProbe
from tests.support.signals import counter, without_silence, write_wav


def sound_of(path: Path) -> bytes:
    with wave.open(str(path), "rb") as file:
        return without_silence(file.readframes(file.getnframes()))


async def test_it_appears_when_the_port_is_closed(probe: AudioProbe, tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    path.write_bytes(b"what stood here before")
    opened = await probe.open("none", f"wav:{path}")
    assert opened.output_name == str(path)
    probe.play("a", 0, counter(2_400))
    probe.client.end("a", 0)
    await probe.one(Drained)
    assert path.read_bytes() == b"what stood here before"
    await probe.client.close()
    assert sound_of(path) == counter(2_400)
    assert not probe.of(DeviceNotice)
    assert [each.name for each in tmp_path.iterdir()] == ["out.wav"]


async def test_what_stands_there_stays_when_nothing_is_played_and_that_is_said(
    probe: AudioProbe, tmp_path: Path
) -> None:
    path = tmp_path / "out.wav"
    path.write_bytes(b"what stood here before")
    await probe.open("none", f"wav:{path}")
    await probe.client.close()
    assert path.read_bytes() == b"what stood here before"
    assert (
        await probe.one(DeviceNotice)
    ).text == f"No answer was played, so {path} stays as it was."
    assert [each.name for each in tmp_path.iterdir()] == ["out.wav"]


async def test_a_process_that_dies_leaves_its_sound_and_the_console_says_where(
    probe: AudioProbe, tmp_path: Path
) -> None:
    path = tmp_path / "out.wav"
    unfinished = Path((await probe.open("none", f"wav:{path}")).unfinished_path)
    probe.play("a", 0, counter(2_400))
    probe.client.end("a", 0)
    await probe.one(Drained)
    assert probe.client.pid is not None
    os.kill(probe.client.pid, signal.SIGKILL)
    assert f"what was played is in {unfinished}:" in (await probe.one(DeviceNotice)).text
    second = await probe.one(Opened)
    assert second.unfinished_path not in ("", str(unfinished))
    await probe.client.close()
    assert counter(2_400).startswith(sound_of(unfinished)[:4_000])
    assert path.is_file()


async def test_a_place_that_is_gone_at_the_end_is_said_too(
    probe: AudioProbe, tmp_path: Path
) -> None:
    path = tmp_path / "out.wav"
    unfinished = (await probe.open("none", f"wav:{path}")).unfinished_path
    probe.play("a", 0, counter(2_400))
    probe.client.end("a", 0)
    await probe.one(Drained)
    path.mkdir()
    await probe.client.close()
    assert unfinished in (await probe.one(DeviceNotice)).text


@pytest.mark.parametrize("other", ["itself", "relative", "link", "hard link"])
async def test_the_file_that_is_read_is_never_the_speaker(
    probe: AudioProbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    spoken = write_wav(tmp_path / "spoken.wav", counter(2_400))
    before = spoken.read_bytes()
    monkeypatch.chdir(tmp_path)
    speaker = {"itself": spoken, "relative": Path("./spoken.wav")}.get(
        other, tmp_path / "other.wav"
    )
    if other == "link":
        speaker.symlink_to(spoken)
    elif other == "hard link":
        speaker.hardlink_to(spoken)
    opened = await probe.open(f"wav:{spoken}", f"wav:{speaker}")
    assert opened.output_name == ""
    assert "is the one that stands for the microphone" in opened.output_problem
    probe.client.listen(True)
    await probe.one(InputEnded)
    await probe.client.close()
    assert spoken.read_bytes() == speaker.read_bytes() == before


async def test_what_is_odd_with_a_sound_file_is_told_when_it_is_opened(
    probe: AudioProbe, tmp_path: Path
) -> None:
    path = write_wav(tmp_path / "silence.wav", bytes(4_800))
    opened = await probe.open(f"wav:{path}", "null")
    assert opened.input_name == str(path)
    notice = await probe.one(DeviceNotice)
    assert (notice.level, notice.lost) == ("warning", "nothing")
    assert f"{path} holds nothing audible" in notice.text
