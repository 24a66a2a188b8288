"""AudioClient and its process, with files or null ports in place of devices."""

import itertools
import math
import struct
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from voicelive_tui.audio.ipc.messages import (
    Drained,
    Flushed,
    InputEnded,
    Levels,
    MicBlock,
    Opened,
    PlaybackStarted,
    PlayedPart,
    Underrun,
)
from voicelive_tui.model.formats import AudioFormat

from tests.audio.support.audio_probe import AudioProbe
from tests.support.counter import counter as endless_counter
from tests.support.signals import counter, sounding, without_silence, write_wav


def in_file(path: Path) -> bytes:
    """Return the audio in a speaker file so far, without the silence around it."""
    with wave.open(str(path), "rb") as file:
        return without_silence(file.readframes(file.getnframes()))


def test_the_consoles_end_imports_nothing_heavy() -> None:
    code = (
        "import sys, voicelive_tui.audio.client.client; print({'numpy', 'sounddevice', 'soxr'} "
        "& set(sys.modules))"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "set()"
    )


async def test_a_file_is_heard_whole_and_followed_by_silence(
    probe: AudioProbe, tmp_path: Path
) -> None:
    path = write_wav(tmp_path / "spoken.wav", counter(12_000))
    opened = await probe.open(f"wav:{path}")
    assert opened == Opened(str(path), "", 24_000, 0)
    await probe.until(lambda: len(probe.of(Levels)) > 5)
    assert not probe.of(MicBlock)  # the file waits for a listener
    probe.client.listen(True)
    await probe.one(InputEnded)
    blocks = len(probe.of(MicBlock))
    await probe.until(lambda: len(probe.of(MicBlock)) >= blocks + 5)
    assert without_silence(probe.heard) == counter(12_000)
    assert probe.sequences == list(range(len(probe.sequences)))


async def test_every_block_and_every_level_step_of_a_file_crosses_to_the_console(
    probe: AudioProbe, tmp_path: Path
) -> None:
    """Each 40 ms of the file are louder than those before, so a step that is missing shows."""
    steps = 50
    spoken = b"".join(struct.pack("<h", 600 * step) * 960 for step in range(1, steps + 1))
    await probe.open(f"wav:{write_wav(tmp_path / 'spoken.wav', spoken)}")
    await probe.one(Levels)
    probe.client.listen(True)
    await probe.one(InputEnded)
    assert without_silence(probe.heard) == spoken
    blocks = probe.of(MicBlock)
    assert [block.sequence for block in blocks] == list(range(len(blocks)))
    for one, next_one in itertools.pairwise(blocks):
        assert len(one.levels) + len(next_one.levels) == 1
    peaks = [round(10 ** (levels.peak_dbfs / 20) * 32_768 / 600) for levels in probe.of(Levels)]
    heard = [peak for peak, _ in itertools.groupby(peaks) if peak]
    assert heard == list(range(1, steps + 1))


async def test_a_file_can_be_spoken_again(probe: AudioProbe, tmp_path: Path) -> None:
    await probe.open(f"wav:{write_wav(tmp_path / 'spoken.wav', counter(2_400))}")
    probe.client.listen(True)
    await probe.one(InputEnded)
    probe.client.speak_file()
    await probe.one(InputEnded, 2)
    assert probe.heard.count(counter(2_400)) == 2


async def test_a_file_of_another_rate_is_resampled_and_encoded_for_the_session(
    probe: AudioProbe, tmp_path: Path
) -> None:
    probe.client.set_formats(AudioFormat("g711_alaw", 8_000), AudioFormat())
    await probe.open(f"wav:{write_wav(tmp_path / 'spoken.wav', counter(22_050), rate_hz=44_100)}")
    probe.client.listen(True)
    await probe.one(InputEnded)
    assert {len(block.audio) for block in probe.of(MicBlock)} == {160}
    assert len(probe.of(MicBlock)) >= 25


async def test_a_paused_listener_loses_nothing_of_a_file(probe: AudioProbe, tmp_path: Path) -> None:
    spoken = endless_counter(60 * 24_000)  # far from its end whenever the pause begins
    await probe.open(f"wav:{write_wav(tmp_path / 'spoken.wav', spoken)}")
    probe.client.listen(True)
    await probe.until(lambda: len(probe.of(MicBlock)) >= 5)
    probe.client.listen(False)
    levels = len(probe.of(Levels))
    await probe.until(lambda: len(probe.of(Levels)) > levels + 10)
    blocks = len(probe.of(MicBlock))
    probe.client.listen(True)
    await probe.until(lambda: len(probe.of(MicBlock)) >= blocks + 10)
    heard = sounding(probe.heard)
    assert heard == spoken[: len(heard)]


async def test_a_speaker_file_holds_what_a_speaker_would_have_played(
    probe: AudioProbe, tmp_path: Path
) -> None:
    path = tmp_path / "played.wav"
    await probe.open("none", f"wav:{path}")
    probe.play("a", 0, counter(4_800))
    probe.client.end("a", 0)
    first = await probe.one(Drained)
    assert first.part == PlayedPart("a", 0, 200, 200)
    probe.play("b", 0, counter(4_800, start=5_000))
    probe.client.end("b", 0)
    second = await probe.one(Drained, 2)
    started = probe.of(PlaybackStarted)
    await probe.client.close()
    heard = in_file(path)
    assert heard.startswith(counter(4_800)) and heard.endswith(counter(4_800, start=5_000))
    assert sounding(heard) == counter(4_800) + counter(4_800, start=5_000)
    assert started[0].at_s < first.at_s < started[1].at_s < second.at_s


async def test_a_flush_names_exactly_what_the_speaker_file_holds(
    probe: AudioProbe, tmp_path: Path
) -> None:
    path = tmp_path / "played.wav"
    await probe.open("none", f"wav:{path}")
    said = endless_counter(60 * 24_000)  # far from its end whenever the flush comes
    probe.play("a", 0, said)
    probe.play("b", 1, counter(240))
    await probe.one(PlaybackStarted)
    await probe.until(lambda: any(level.peak_dbfs > -90 for level in probe.of(Levels)))
    epoch = probe.client.flush()
    flushed = await probe.one(Flushed)
    levels = len(probe.of(Levels))
    await probe.until(
        lambda: any(level.peak_dbfs == -math.inf for level in probe.of(Levels)[levels:])
    )
    await probe.client.close()
    heard = in_file(path)
    interrupted, waiting = flushed.parts
    assert flushed.epoch == epoch
    assert waiting == PlayedPart("b", 1, 0, 10)
    assert interrupted.received_ms == 60_000
    assert 0 < interrupted.played_ms < 60_000
    assert len(heard) // 48 == interrupted.played_ms
    assert heard == said[: len(heard)]
    assert not probe.of(Drained)


async def test_the_late_end_of_a_part_leaves_the_one_after_it_whole(probe: AudioProbe) -> None:
    await probe.open("none", "null")
    probe.play("a", 0, counter(2_400))
    probe.play("b", 0, counter(12_000))
    assert (await probe.one(Drained)).part == PlayedPart("a", 0, 100, 100)
    probe.client.end("a", 0)
    probe.play("b", 0, counter(2_400))
    probe.client.end("b", 0)
    assert (await probe.one(Drained, 2)).part == PlayedPart("b", 0, 600, 600)
    probe.client.flush()
    assert (await probe.one(Flushed)).parts == ()
    assert len(probe.of(Drained)) == 2


async def test_a_gap_within_a_part_is_counted(probe: AudioProbe, tmp_path: Path) -> None:
    opened = await probe.open("none", f"wav:{tmp_path / 'played.wav'}")
    path = Path(opened.unfinished_path)
    probe.play("a", 0, counter(4_800))
    await probe.until(lambda: len(in_file(path)) == 9_600)  # asked again with every level report
    silent_from = path.stat().st_size
    await probe.until(lambda: path.stat().st_size > silent_from)
    probe.play("a", 0, counter(12_000))
    probe.client.end("a", 0)
    assert (await probe.one(Drained)).part == PlayedPart("a", 0, 700, 700)
    underrun = await probe.one(Underrun)
    assert underrun.item_id == "a"
    assert underrun.gap_ms > 0


async def test_g711_of_8_khz_is_played_at_the_ports_rate(probe: AudioProbe) -> None:
    probe.client.set_formats(AudioFormat(), AudioFormat("g711_ulaw", 8_000))
    await probe.open("none", "null")
    probe.play("a", 0, b"\x80" * 1_600)
    probe.client.end("a", 0)
    assert (await probe.one(Drained)).part == PlayedPart("a", 0, 200, 200)


async def test_without_a_speaker_nothing_is_heard_and_every_part_still_ends(
    probe: AudioProbe,
) -> None:
    await probe.open("null", "none")
    probe.play("a", 0, counter(4_800))
    probe.client.end("a", 0)
    assert (await probe.one(Drained)).part == PlayedPart("a", 0, 0, 200)
    probe.play("b", 0, counter(4_800))
    probe.client.flush()
    assert (await probe.one(Flushed)).parts == (PlayedPart("b", 0, 0, 200),)


async def test_before_it_is_opened_every_part_still_ends(probe: AudioProbe) -> None:
    probe.play("a", 0, counter(4_800))
    probe.client.end("a", 0)
    assert (await probe.one(Flushed)).parts == (PlayedPart("a", 0, 0, 200),)
    epoch = probe.client.flush()
    assert await probe.one(Flushed, 2) == Flushed(epoch, (), probe.of(Flushed)[1].at_s)


@pytest.mark.parametrize(
    ("microphone", "speaker", "sentence"),
    [
        ("wav:/nowhere/a.wav", "null", "cannot read /nowhere/a.wav: No such file or directory."),
        (
            f"wav:{__file__}",
            "null",
            "cannot be read as a sound file (Format not recognised); convert it",
        ),
        (
            "gramophone",
            "null",
            "'gramophone' is no microphone: use device, device:NAME, wav:PATH, null or none.",
        ),
    ],
)
async def test_a_bad_microphone_is_one_sentence_and_the_speaker_works(
    probe: AudioProbe, microphone: str, speaker: str, sentence: str
) -> None:
    opened = await probe.open(microphone, speaker)
    assert sentence in opened.input_problem
    assert "\n" not in opened.input_problem
    probe.client.listen(True)
    probe.client.mute(True)
    probe.client.speak_file()
    probe.play("a", 0, counter(240))
    probe.client.end("a", 0)
    assert (await probe.one(Drained)).part.played_ms == 10


async def test_a_speaker_file_that_cannot_be_written_is_one_sentence(probe: AudioProbe) -> None:
    opened = await probe.open("null", "wav:/nowhere/out.wav")
    assert opened.output_problem == "cannot write /nowhere/out.wav: No such file or directory."
    assert opened.input_name == "silence"
