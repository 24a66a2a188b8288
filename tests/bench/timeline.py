"""Measures what the timeline costs: in the engine for each second of a conversation, on the screen
while it runs, and for each scroll, zoom and jump.

    python -m tests.bench.timeline [--minutes M]

Everything is CPU of this process, at 200x50, with Textual's painting; the terminal is none. A
conversation is written into a recording first and read again. No sound is open. Takes about a
minute. Machines differ and share their cores: compare within one run.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from voicelive_tui.journal.writer import Journal
from voicelive_tui.model.events.audio_field import decode_audio
from voicelive_tui.model.events.record import Direction, Record
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.model.timeline.fold import TimelineFold
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.heartbeat import HEARTBEAT_HZ
from voicelive_tui.tui.panes.timeline import TimelinePane

from tests.support.console_pilot import DARK, FIXED_CLOCK, running_engine, until
from tests.support.timeline_audio import tone

SIZE = (200, 50)
TURN_S = 10.0
LIVE_S = 20.0
MOVES = 40
WITHIN_MS = 16.0
PAINTED_S = 0.04


class Conversation:
    """A spoken turn every ten seconds: three seconds of the user, five of the agent. Each record
    goes to a journal, and to a timeline whose CPU is measured."""

    def __init__(self, root: Path, minutes: float) -> None:
        self.journal = Journal.create(
            root,
            title="bench",
            profile_toml='name = "Bench"\n',
            record="all",
            started=datetime(2026, 3, 1, tzinfo=UTC),
            meta={"service": "simulator", "host": "SIMULATOR"},
        )
        self.timeline, self.cpu_s = TimelineFold(), 0.0
        self._loud = [b64encode(tone(-14.0 - n, 20)).decode() for n in range(12)]
        self._quiet = b64encode(tone(-58.0, 20)).decode()
        self._answer = b64encode(tone(-16.0, 200)).decode()
        self.local(0.0, "console.connected", service="simulator", host="SIMULATOR")
        self.frame("received", 0.1, "session.created", session={"id": "s", "model": "gpt-4o"})
        self.turns = round(minutes * 60 / TURN_S)
        for number in range(self.turns):
            self._turn(number, 1.0 + number * TURN_S)
        self.length_s = 1.0 + self.turns * TURN_S
        self.local(self.length_s, "console.closed", code=1000, reason="", sentence="Over.")
        self.journal.close()

    def frame(self, direction: Any, t_s: float, kind: str, **fields: Any) -> None:
        event = {"type": kind, **fields}
        audio = decode_audio(event)
        self._fold(self.journal.append(direction, _text(event), event, t_s, audio=audio), audio)

    def local(self, t_s: float, kind: str, **fields: Any) -> None:
        self._fold(self.journal.append_local(kind, t_s, **fields), None)

    def _fold(self, record: Record, audio: bytes | None) -> None:
        before_s = time.process_time()
        self.timeline.apply(record, audio)
        self.cpu_s += time.process_time() - before_s

    def _turn(self, number: int, at_s: float) -> None:
        user, agent = f"u{number}", f"a{number}"
        for n in range(round(TURN_S * 50)):
            block_s = at_s + n * 0.02
            audio = self._loud[n % 12] if n < 150 else self._quiet
            self.frame("sent", block_s, "input_audio_buffer.append", audio=audio)
            if n == 20:
                start_ms = int((block_s - 1.3) * 1000)
                self.frame(
                    "received", block_s, "input_audio_buffer.speech_started",
                    item_id=user, audio_start_ms=start_ms,
                )  # fmt: skip
            if n == 175:
                self._answered(user, agent, block_s)
            if n == 400:
                self.local(
                    block_s, "console.playback_stopped", item_id=agent, content_index=0,
                    played_ms=4000, received_ms=5000, reason="barge_in",
                )  # fmt: skip

    def _answered(self, user: str, agent: str, at_s: float) -> None:
        said: Direction = "received"
        end_ms = int((at_s - 1.2) * 1000)
        self.local(at_s - 0.5, "console.speech", on=False)
        self.frame(
            said, at_s, "input_audio_buffer.speech_stopped", item_id=user, audio_end_ms=end_ms
        )
        item = {"id": user, "type": "message", "role": "user", "content": []}
        self.frame(said, at_s, "conversation.item.created", item=item)
        self.frame(said, at_s, "response.created", response={"id": f"r{agent}"})
        item = {"id": agent, "type": "message", "role": "assistant", "content": []}
        self.frame(said, at_s, "response.output_item.added", response_id=f"r{agent}", item=item)
        for _ in range(25):
            self.frame(
                said, at_s, "response.audio.delta", response_id=f"r{agent}", item_id=agent,
                content_index=0, delta=self._answer,
            )  # fmt: skip
        self.frame(
            said, at_s, "response.audio_transcript.done", response_id=f"r{agent}", item_id=agent,
            content_index=0, transcript="It is out for delivery, and the driver has a few stops.",
        )  # fmt: skip
        self.local(at_s + 0.4, "console.playback_started", item_id=agent, content_index=0)
        response = {"id": f"r{agent}", "status": "completed", "output": []}
        self.frame(said, at_s + 0.4, "response.done", response=response)


def _text(event: dict[str, Any]) -> str:
    from json import dumps

    return dumps(event)


async def cpu_ms(act: Callable[[], object]) -> float:
    """The CPU until the screen shows what the action does; Textual paints 60 times a second."""
    before_s = time.process_time()
    act()
    await asyncio.sleep(PAINTED_S)
    return (time.process_time() - before_s) * 1000


async def measure_live(pane: TimelinePane, app: ConsoleApp) -> float:
    """The CPU of a timeline that runs, in per cent of a core: that of all beats of 20 s, less that
    of as many beats without one."""
    session = app.main_screen.session
    timeline = app.engine.timeline(app.main_screen.active)
    assert session is not None and timeline is not None
    timeline.started_s = 0.0
    running, spent = replace(session, state=SessionState.CONNECTED), {True: 0.0, False: 0.0}
    pane.leave()
    for beat in range(round(LIVE_S * HEARTBEAT_HZ)):
        at_s = 60.0 + beat / HEARTBEAT_HZ
        go_on = partial(pane.sync, app.main_screen.active, running, timeline, at_s)
        spent[True] += await cpu_ms(go_on)
        spent[False] += await cpu_ms(lambda: None)
    timeline.started_s = None
    app.sync()
    return (spent[True] - spent[False]) / 1000 / LIVE_S * 100


async def measure_moves(app: ConsoleApp) -> dict[str, list[float]]:
    """The CPU of each kind of move, in milliseconds."""
    screen = app.main_screen
    found: dict[str, list[float]] = {}

    async def move(name: str, act: Callable[[], object]) -> None:
        def moved() -> None:
            act()
            app.sync()

        found.setdefault(name, []).append(await cpu_ms(moved))

    for n in range(MOVES):
        await move("a column back", lambda: screen.action_time_step(-1))
        await move("half a screen back", lambda: screen.action_time_step(-96))
        await move("zoom", partial(screen.action_time_zoom, 1 if n % 8 < 4 else -1))
        events = screen.events_pane.events
        page_up = partial(events.scroll_to, y=max(0, events.top - 30), animate=False)
        await move("(the event list alone)", page_up)
        await move("an event back", lambda: screen.events_pane.events.step(-7))
        await move("to the end", screen.action_follow)
    return found


async def measure_screen(folder: Path) -> None:
    """Print what the screen costs."""
    with tempfile.TemporaryDirectory() as state, running_engine(Path(state)) as engine:
        app = ConsoleApp(engine, tabs=[str(folder)], clock=FIXED_CLOCK, config=DARK)
        async with app.run_test(size=SIZE) as pilot:
            await until(
                pilot, lambda: engine.timeline(app.main_screen.active) is not None, "the timeline"
            )
            app.sync()
            await pilot.pause()
            pane = app.main_screen.timeline_pane
            live = await measure_live(pane, app)
            print(f"on the screen, running         {live:6.2f} % of a core")
            for name, each_ms in (await measure_moves(app)).items():
                median, p90 = statistics.median(each_ms), statistics.quantiles(each_ms, n=10)[-1]
                within = sum(ms < WITHIN_MS for ms in each_ms)
                print(
                    f"{name:<30} {median:6.2f} ms median {p90:7.2f} ms p90"
                    f"   {within} of {len(each_ms)} within {WITHIN_MS:g} ms"
                )


def main(arguments: Sequence[str]) -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        conversation = Conversation(Path(name), options.minutes)
        share = conversation.cpu_s / conversation.length_s * 100
        print(f"in the engine, both sides      {share:6.2f} % of a core")
        asyncio.run(measure_screen(Path(conversation.journal.folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
