"""What a session keeps of the microphone for its next connection."""

from voicelive_tui.audio.ipc.messages import MicBlock
from voicelive_tui.engine.session.microphone_buffer import KEPT_BLOCKS, MicrophoneBuffer


def block(number: int) -> MicBlock:
    return MicBlock(number, number * 0.02, b"\0\0")


def numbers(blocks: tuple[MicBlock, ...]) -> list[int]:
    return [each.sequence for each in blocks]


def test_blocks_are_kept_in_order_and_taken_once() -> None:
    buffer = MicrophoneBuffer()
    for number in range(5):
        buffer.keep(block(number))
    blocks, lost = buffer.take()
    assert (numbers(blocks), lost) == ([0, 1, 2, 3, 4], 0)
    assert buffer.take() == ((), 0)


def test_more_than_ten_seconds_lose_the_oldest_and_say_how_many() -> None:
    buffer = MicrophoneBuffer()
    for number in range(KEPT_BLOCKS + 30):
        buffer.keep(block(number))
    blocks, lost = buffer.take()
    assert numbers(blocks) == list(range(30, KEPT_BLOCKS + 30))
    assert lost == 30
    assert KEPT_BLOCKS == 500


def test_speech_that_was_broken_off_goes_out_again_before_what_follows() -> None:
    buffer = MicrophoneBuffer()
    for number in range(200):
        buffer.sent(block(number), speaking=number >= 150)
    buffer.connection_lost(speaking=True)
    buffer.keep(block(200))
    blocks, lost = buffer.take()
    assert numbers(blocks) == list(range(100, 201))
    assert lost == 0


def test_what_was_sent_in_a_pause_does_not_go_out_again() -> None:
    buffer = MicrophoneBuffer()
    for number in range(200):
        buffer.sent(block(number), speaking=False)
    buffer.connection_lost(speaking=False)
    buffer.keep(block(200))
    assert numbers(buffer.take()[0]) == [200]


def test_a_long_speech_and_a_long_outage_keep_ten_seconds_together() -> None:
    buffer = MicrophoneBuffer()
    for number in range(2_000):
        buffer.sent(block(number), speaking=True)
    buffer.connection_lost(speaking=True)
    for number in range(2_000, 2_100):
        buffer.keep(block(number))
    blocks, lost = buffer.take()
    assert numbers(blocks) == list(range(1_600, 2_100))
    assert lost == 100
