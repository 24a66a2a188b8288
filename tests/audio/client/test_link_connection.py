"""The link to the audio engine of another machine, with the real listener there and ports that need
no device."""

import asyncio
import json
import math
import os
import re
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_common.redaction.redact import redact
from voicelive_common.redaction.secret import Secret
from voicelive_tui.audio.client.clock_alignment import OLDEST_S
from voicelive_tui.audio.client.device_list import list_devices, list_over_link
from voicelive_tui.audio.client.engine_connection import AudioUnavailable
from voicelive_tui.audio.client.link_address import (
    LinkAddress,
    LinkAddressError,
    LinkTarget,
)
from voicelive_tui.audio.client.link_connection import LinkConnection, LinkRefused
from voicelive_tui.audio.client.link_opening import connect_link, is_foreign
from voicelive_tui.audio.client.paced_playback import AHEAD_MS, SPARE_MS
from voicelive_tui.audio.ipc.frames import PREAMBLE, Message, encode
from voicelive_tui.audio.ipc.messages import (
    CutEvidence,
    DeviceNotice,
    Drained,
    Flushed,
    InputEnded,
    Levels,
    MicBlock,
    MicSound,
    MicSpeech,
    Opened,
    OpenRequest,
    PlaybackStarted,
    PlayedPart,
    Underrun,
    Welcome,
)
from voicelive_tui.audio.ipc.requests import (
    EndRequest,
    FlushRequest,
    ListenRequest,
    MuteRequest,
    PlayRequest,
)
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.session.snapshot import SoundLink
from voicelive_tui.model.sound_devices import Devices
from voicelive_tui.paths import LINK_FILE

from tests.audio.support.any_message import any_message
from tests.support.deadlines import DEADLINE_S
from tests.support.near_side import TOKEN, listening
from tests.support.slow_link import Address, SlowLink

T = TypeVar("T")
PCM = AudioFormat()


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A listener for all tests of this module. One peer at a time has its sound."""
    with listening(tmp_path_factory.mktemp("near"), token=TOKEN) as address:
        yield address


def address_of(place: Address, token: str = TOKEN) -> LinkAddress:
    text = str(place) if isinstance(place, Path) else f"{place[0]}:{place[1]}"
    return LinkAddress(text, Secret(token))


class Far:
    """A connection with the messages and the changes of the link that it reported."""

    connection: LinkConnection

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.links: list[SoundLink] = []
        self.ended = False
        self._changed = asyncio.Event()

    def take(self, message: Message) -> None:
        self.messages.append(message)
        self._changed.set()

    def died(self, _: object) -> None:
        self.ended = True
        self._changed.set()

    def changed(self, link: SoundLink) -> None:
        self.links.append(link)
        self._changed.set()

    def of(self, kind: type[T]) -> list[T]:
        return [message for message in self.messages if isinstance(message, kind)]

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while not condition():
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def joined(address: LinkAddress) -> AsyncIterator[Far]:
    far = Far()
    far.connection = await taking_turns(address, far)
    try:
        far.connection.send(OpenRequest("null", "null"))
        await far.connection.answer(DEADLINE_S)
        yield far
    finally:
        await far.connection.close()


async def taking_turns(address: LinkAddress, far: Far) -> LinkConnection:
    """Connect. The peer of an earlier test may need a moment to leave on a busy machine."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            try:
                return await connect_link(address, "sound", far.take, far.died, far.changed)
            except LinkRefused as refused:
                if "in use" not in str(refused):
                    raise


async def refusal(address: LinkAddress) -> str:
    with pytest.raises(AudioUnavailable) as caught:
        await list_devices(address)
    return str(caught.value)


async def test_the_round_trip_is_measured_and_times_are_those_of_this_clock(near: Address) -> None:
    with SlowLink(near, delay_s=0.04, jitter_s=0.005) as slow:
        async with joined(address_of(slow.address)) as far:
            link = far.links[-1]
            assert link.way == "socket" and link.machine == socket.gethostname()
            assert link.round_trip_ms is not None and link.clock_error_ms is not None
            assert link.round_trip_ms >= 80
            assert link.clock_error_ms >= link.round_trip_ms / 2
            far.connection.send(ListenRequest(True))
            await far.until(lambda: len(far.of(MicBlock)) > 10)
            asked_s = time.perf_counter()
            far.connection.send(FlushRequest(1))
            await far.until(lambda: far.of(Flushed))
            # Both ends are on this machine, so its clock says what is true.
            flushed, error_s = far.of(Flushed)[0], 0.01 + link.clock_error_ms / 1000
            assert flushed.asked_at_s is not None
            assert asked_s + 0.04 - error_s <= flushed.asked_at_s <= time.perf_counter()
            captured = [block.captured_at_s for block in far.of(MicBlock)]
            assert all(at_s <= time.perf_counter() for at_s in captured)


async def test_little_is_sent_ahead_and_what_waited_was_not_heard(near: Address) -> None:
    with SlowLink(near, delay_s=0.02) as slow:
        async with joined(address_of(slow.address)) as far:
            before = slow.sent_bytes
            far.connection.send(PlayRequest(0, "a", 0, PCM.silence(20_000)))
            far.connection.send(EndRequest(0, "a", 0))
            far.connection.send(PlayRequest(0, "b", 0, PCM.silence(1_000)))
            began_s = time.perf_counter()
            await far.until(lambda: len(far.of(Levels)) > 50)
            sent_ms = PCM.duration_ms(slow.sent_bytes - before)
            assert sent_ms <= AHEAD_MS + (time.perf_counter() - began_s) * 1000 + 50
            far.connection.send(FlushRequest(1))
            await far.until(lambda: far.of(Flushed))
            heard, waited = far.of(Flushed)[0].parts
            assert (heard.item_id, heard.received_ms) == ("a", 20_000)
            assert 100 < heard.played_ms <= 1_500
            assert waited == PlayedPart("b", 0, 0, 1_000)
            far.connection.send(PlayRequest(1, "c", 0, PCM.silence(600)))
            far.connection.send(EndRequest(1, "c", 0))
            await far.until(lambda: far.of(Drained))
            assert far.of(Drained)[0].part == PlayedPart("c", 0, 600, 600)


async def test_a_stall_is_told_and_nothing_of_the_microphone_is_lost(near: Address) -> None:
    with SlowLink(near) as slow:
        async with joined(address_of(slow.address)) as far:
            far.connection.send(ListenRequest(True))
            await far.until(lambda: far.of(MicBlock))
            slow.stall()
            await far.until(lambda: far.links[-1].lost_s is not None)
            stalled_s = far.links[-1].lost_s
            assert stalled_s is not None and time.perf_counter() - stalled_s >= 1.0
            blocks = len(far.of(MicBlock))
            slow.resume()
            await far.until(lambda: far.links[-1].lost_s is None)
            await far.until(lambda: len(far.of(MicBlock)) > blocks + 50)
            sequences = [block.sequence for block in far.of(MicBlock)]
            assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))


async def test_a_cut_link_ends_and_says_how_much_was_sent(near: Address) -> None:
    with SlowLink(near) as slow:
        async with joined(address_of(slow.address)) as far:
            # Nothing that is reported meanwhile makes room for more.
            slow.stall()
            round_trip_ms = far.connection.link.round_trip_ms or 0
            far.connection.send(PlayRequest(0, "a", 0, PCM.silence(5_000)))
            slow.cut()
            await far.until(lambda: far.ended)
            most_ms = max(AHEAD_MS, round_trip_ms + SPARE_MS + 50)
            assert AHEAD_MS <= far.connection.heard_at_most_ms("a", 0) <= most_ms
            assert far.connection.last_words()


async def test_the_devices_of_the_other_machine_are_listed_beside_its_sound(near: Address) -> None:
    async with joined(address_of(near)):
        devices, link = await list_over_link(address_of(near), measure=True)
        assert devices == await list_devices()
        assert link.round_trip_ms is not None and link.machine == socket.gethostname()


async def test_a_second_console_is_refused_and_the_first_one_goes_on(near: Address) -> None:
    async with joined(address_of(near)) as far:
        with pytest.raises(LinkRefused, match="in use by another console"):
            await connect_link(address_of(near), "sound", far.take, far.died, far.changed)
        far.connection.send(FlushRequest(1))
        await far.until(lambda: far.of(Flushed))


async def test_a_wrong_token_is_refused_and_never_shown(near: Address) -> None:
    address = address_of(near, "some-other-token")
    text = await refusal(address)
    assert "token is wrong" in text
    assert "some-other-token" not in redact(f"{text} {address!r} some-other-token")


async def test_what_keeps_a_link_from_being_made_is_said_with_the_cure(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    assert (await refusal(LinkAddress(str(nothing)))).startswith(f"There is no socket {nothing}:")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert f"Nobody listens at 127.0.0.1:{port}" in await refusal(LinkAddress(f"127.0.0.1:{port}"))
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "dead"))
    assert "any more" in await refusal(LinkAddress(str(tmp_path / "dead")))
    (tmp_path / "file").write_text("")
    assert "name the socket of" in await refusal(LinkAddress(str(tmp_path / "file")))


def test_the_socket_of_another_user_is_not_used(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "socket"))
    mine = os.getuid() or 1000
    os.chown(tmp_path / "socket", *((1000, -1) if os.getuid() == 0 else (-1, -1)))
    assert is_foreign(tmp_path / "socket", mine + 1)
    assert not is_foreign(tmp_path / "socket", mine)
    assert not is_foreign(tmp_path / "socket", 0)


@pytest.mark.parametrize(
    ("said", "reason"), [(b"", "closed the connection"), (b"SSH-2.0-x\r\n", "does not speak")]
)
async def test_another_program_is_told_apart(said: bytes, reason: str, tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(answer, tmp_path / "other")
    text = await refusal(LinkAddress(str(tmp_path / "other")))
    server.close()
    assert reason in text and "with the same version as here" in text


async def test_a_folder_says_where_the_link_is_and_is_read_at_each_attempt(
    near: Address, tmp_path: Path
) -> None:
    address = LinkAddress(str(tmp_path))
    assert "There is no link.json" in await refusal(address)
    file = tmp_path / LINK_FILE

    def write(**fields: object) -> None:
        file.write_text(json.dumps(fields))
        file.chmod(0o600)

    write(socket=str(tmp_path / "gone"), token=TOKEN, machine="laptop", way="ssh")
    assert "There is no socket" in await refusal(address)
    assert address.link() == SoundLink("laptop", "ssh")
    write(socket=str(near), token=TOKEN, machine="laptop", way="ssh")
    _, link = await list_over_link(address)
    assert (link.way, link.machine) == ("ssh", socket.gethostname())
    assert TOKEN not in redact(f"{address.target()!r} {TOKEN}")
    file.chmod(0o644)
    assert "Other users can read" in await refusal(address)
    for broken in ({"socket": 5}, {"token": "x"}, {"socket": str(tmp_path)}):
        write(**broken)
        assert "cannot be used" in await refusal(address)
    for text in ("[1]", "[" * 60_000, "{" + " " * 100_000 + "}"):
        file.write_text(text)
        assert "no JSON object" in await refusal(address)


@pytest.mark.parametrize(
    "place",
    [
        "",
        "\ud800",
        "a\0b",
        "a" * 5_000,
        "~no-such-user/s",
        "10.0.0.1:80",
        "127.0.0.1:" + "9" * 5_000,
    ],
)
async def test_a_file_that_names_no_socket_is_one_sentence(place: str, tmp_path: Path) -> None:
    file = tmp_path / LINK_FILE
    file.write_text(json.dumps({"socket": place, "token": TOKEN}))
    file.chmod(0o600)
    address = LinkAddress(str(tmp_path))
    assert "cannot be used" in await refusal(address)
    assert address.link().machine.isprintable()


async def test_a_fifo_in_place_of_the_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / LINK_FILE, 0o600)
    assert "it is no file" in await refusal(LinkAddress(str(tmp_path)))


async def test_a_place_that_cannot_be_is_one_sentence() -> None:
    for place in ("~no-such-user/s", "a" * 5_000):
        assert "cannot be used" in await refusal(LinkAddress(place))


async def test_an_attempt_at_a_place_that_has_moved_is_given_up(
    near: Address, tmp_path: Path
) -> None:
    """A forwarded socket whose network is dead accepts connections and never answers."""
    file = tmp_path / LINK_FILE
    with SlowLink(near, listen=tmp_path / "old") as slow:
        slow.stall()
        file.write_text(json.dumps({"socket": str(slow.address), "token": TOKEN}))
        file.chmod(0o600)
        attempt = asyncio.create_task(refusal(LinkAddress(str(tmp_path))))
        while not slow.sent_bytes:
            await asyncio.sleep(0.01)
        began_s = time.perf_counter()
        file.write_text(json.dumps({"socket": str(near), "token": TOKEN}))
        assert "does not answer" in await attempt
        assert time.perf_counter() - began_s < 5
    assert await list_devices(LinkAddress(str(tmp_path)))


async def test_a_stalled_link_gives_way_to_a_new_one(near: Address, tmp_path: Path) -> None:
    file = tmp_path / LINK_FILE
    with SlowLink(near) as slow:
        host, port = slow.address if isinstance(slow.address, tuple) else ("", 0)
        file.write_text(json.dumps({"socket": f"{host}:{port}", "token": TOKEN}))
        file.chmod(0o600)
        async with joined(LinkAddress(str(tmp_path))) as far:
            slow.stall()
            await far.until(lambda: far.links[-1].lost_s is not None)
            assert not far.ended
            file.write_text(json.dumps({"socket": str(near), "token": TOKEN}))
            await far.until(lambda: far.ended)
            assert far.connection.last_words() == "a new link takes its place"


@pytest.mark.parametrize("text", ["", "laptop:4000", "10.0.0.1:9", "127.0.0.1:0", "a\0b"])
def test_an_address_that_cannot_be_is_refused_at_once(text: str) -> None:
    with pytest.raises(LinkAddressError, match=r"(\.|:) "):
        LinkAddress(text)


WELCOME = Welcome("laptop", "1.0")
OPENED = Opened("a microphone", "a speaker", 48_000, 48_000)


def told(*messages: Message, sent_ms: int = 100) -> Far:
    """A connection to which another machine said this. Part a was flushed, part b is to be heard;
    as much was sent of both."""
    far = Far()

    async def hear() -> None:
        connection = far.connection = LinkConnection(
            LinkTarget(port=1), far.take, far.died, far.changed
        )
        connection.send(PlayRequest(0, "a", 0, PCM.silence(sent_ms)))
        connection.send(FlushRequest(1))
        connection.send(PlayRequest(1, "b", 0, PCM.silence(sent_ms)))
        connection.data_received(PREAMBLE + b"".join(map(encode, messages)))
        connection.connection_lost(None)

    asyncio.run(hear())
    return far


@settings(max_examples=25)
@given(messages=st.lists(any_message, max_size=12), sent_ms=st.integers(0, 2_000))
def test_nothing_that_another_machine_says_ends_this_program(
    messages: list[Message], sent_ms: int
) -> None:
    far = told(WELCOME, *messages, sent_ms=sent_ms)
    now_s = time.perf_counter()
    for message in far.messages:
        times = (message.at_s,) if isinstance(message, Flushed | MicSpeech | InputEnded) else ()
        assert all(now_s - 2 * OLDEST_S < at_s <= now_s for at_s in times)
    assert all(link.machine.isprintable() for link in far.links)


@pytest.mark.parametrize(
    "message",
    [
        WELCOME,
        Devices(),
        MuteRequest(False),
        Levels("mic", math.nan, -20.0, 0),
        Levels("mic", -20.0, math.inf, 0),
        MicBlock(0, 1.0, b"", (Levels("mic", 1e300, 0.0, 0),)),
        Underrun("b", 0, -1, 5.0, 1.0),
        Underrun("b", 0, 1, math.nan, 1.0),
        Flushed(2, (), 1.0),
        Flushed(1, (PlayedPart("a", 0, -5, 1),), 1.0),
        Flushed(1, (), 1.0, CutEvidence(-20.0, MicSound(1 << 62, 0), None)),
        Drained(PlayedPart("b" * 100_000, 0, 1, 1), 1.0),
    ],
)
def test_what_no_audio_engine_says_ends_the_link_with_the_reason(message: Message) -> None:
    far = told(WELCOME, message, OPENED)
    assert far.messages == []
    assert re.search(r"it (said|named) ", far.connection.last_words())
    assert len(far.connection.last_words()) < 200


def test_before_its_welcome_nothing_is_taken_from_it() -> None:
    for first in ([], [Welcome("laptop", "1.0", "In use.")]):
        far = told(*first, DeviceNotice("error", "Lost.", "both"))
        assert far.messages == []
        assert "nothing had asked for" in far.connection.last_words()


async def test_an_engine_that_lets_us_in_and_ends_is_not_tried_again_at_once() -> None:
    far = Far()
    connection = LinkConnection(LinkTarget(port=1), far.take, far.died, far.changed)
    connection.data_received(PREAMBLE + encode(WELCOME))
    connection.connection_lost(None)
    with pytest.raises(LinkRefused, match="cannot be used"):
        await connection.answer(DEADLINE_S)


def test_a_second_answer_ends_the_link() -> None:
    far = told(WELCOME, OPENED, OPENED)
    assert far.messages == []
    assert "Opened" in far.connection.last_words()


def test_made_up_parts_are_not_heard_and_no_more_than_was_sent_is() -> None:
    far = told(
        WELCOME,
        PlaybackStarted("made-up", 0, 1.0),
        Drained(PlayedPart("made-up", 0, 1, 1), 1.0),
        Flushed(1, (PlayedPart("a", 0, 9_999, 9_999), PlayedPart("made-up", 0, 5, 5)), 1.0),
        Drained(PlayedPart("b", 0, 9_999, 9_999), 1.0),
        Drained(PlayedPart("b", 0, 9_999, 9_999), 1.0),
    )
    assert [flushed.parts for flushed in far.of(Flushed)] == [(PlayedPart("a", 0, 100, 100),)]
    assert [drained.part for drained in far.of(Drained)] == [PlayedPart("b", 0, 100, 100)]
    assert far.of(PlaybackStarted) == []


def test_texts_of_another_machine_are_short_and_safe_to_show() -> None:
    bad = "\x1b]0;x\x07\u202e\ud800" * 50_000
    far = told(WELCOME, DeviceNotice("warning", bad), OPENED)
    (notice,) = far.of(DeviceNotice)
    assert notice.text.isprintable()
    assert len(notice.text) <= 300
