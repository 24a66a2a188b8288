"""The engine: one thread with its own asyncio loop, and the few calls that any other thread may
make.

Invariant: only `start`, `wait_change`, `publish`, `devices` and `close` wait for the engine's
thread, each with a timeout.
"""

import asyncio
import concurrent.futures
import contextlib
import logging
import socket
import threading
from collections import deque
from collections.abc import Callable

from voicelive_tui.audio.client.engine_connection import AudioUnavailable
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.controller import Controller
from voicelive_tui.engine.intents import Intent
from voicelive_tui.engine.internal_error import internal_error
from voicelive_tui.engine.notice_log import LoggedNotice, NoticeLog
from voicelive_tui.engine.tabs import Tabs
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import EngineSnapshot, SoundLink
from voicelive_tui.model.sound_devices import Devices
from voicelive_tui.model.timeline.fold import TimelineFold

START_S = 30.0
CLOSE_S = 25.0
"""Seconds, more than all that the end of the engine may wait for: goodbyes, and a disk, a device
and a process that hang."""
DEVICES_S = 30.0
_log = logging.getLogger(__name__)


class EngineDown(Exception):
    """The engine is not running. The text is one sentence."""


class DevicesUnavailable(Exception):
    """The sound devices could not be listed. The text is one sentence with the cure."""


class Engine:
    """The engine as front ends use it. It is started once and closed once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._notices = NoticeLog()
        self._tabs = Tabs()
        here = settings.over_ssh and settings.audio_at is None
        self._controller = Controller(
            settings, self._tabs, self._notices, socket.gethostname() if here else ""
        )
        self._intents: deque[Intent] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started = threading.Event()
        self._stopping: asyncio.Event | None = None
        self._close_asked = False
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._threads_hook = threading.excepthook

    def start(self) -> None:
        """Start the engine's thread. Raises EngineDown."""
        self._threads_hook, threading.excepthook = threading.excepthook, self._thread_crashed
        self._thread.start()
        if not self._started.wait(START_S) or self._loop is None:
            self.close()
            raise EngineDown("The engine did not start; the log has the details.")

    def post(self, intent: Intent) -> None:
        """Post an intent. Intents are carried out soon and in order, and a later snapshot shows the
        result. Raises EngineDown."""
        loop = self._loop
        if loop is None:
            raise EngineDown("The engine does not run.")
        self._intents.append(intent)
        try:
            loop.call_soon_threadsafe(self._carry_out)
        except RuntimeError:
            _log.info("an intent after the engine's end: %s", type(intent).__name__)

    def snapshot(self) -> EngineSnapshot:
        """The newest snapshot."""
        return self._controller.snapshot

    def wait_change(self, revision: int, timeout_s: float) -> int:
        """Wait until the snapshot's revision is above `revision`, or the time is over. Returns the
        newest revision."""
        return self._controller.wait_change(revision, timeout_s)

    def publish(self, timeout_s: float) -> bool:
        """Publish a snapshot of all that has happened in the engine's thread, as the journal shows
        it already; for tests. Returns whether it was published in time."""
        loop, published = self._loop, threading.Event()

        def publish() -> None:
            try:
                self._controller.publish_now()
            finally:
                published.set()

        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the engine ends, and publishes the last one
                loop.call_soon_threadsafe(publish)
                return published.wait(timeout_s)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Call this function whenever there is a new snapshot or notice, until None is given. It is
        called in the thread that publishes, and must not block and raise nothing."""
        self._controller.listen(listener)

    def index(self, key: str) -> EventIndex | None:
        """The records of this tab's session; None if there are none. Each start of the session
        makes a new object."""
        return self._tabs.index(key)

    def timeline(self, key: str) -> TimelineFold | None:
        """The timeline of this tab's session; None if there is none. Each start of the session
        makes a new object."""
        return self._tabs.timeline(key)

    def profile(self, key: str) -> Profile | None:
        """The profile of this tab; None if there is no such tab, or no profile in it."""
        return self._tabs.profile(key)

    def notices(self, after: int) -> tuple[tuple[int, LoggedNotice], ...]:
        """The notices with a serial number above `after`, oldest first."""
        return self._notices.after(after)

    def sent_blocks(self, key: str) -> tuple[tuple[float, float], ...]:
        """The times at which each of this tab's last microphone blocks was heard and was taken by
        the socket, in `perf_counter` seconds; for benches."""
        return self._tabs.sent_blocks(key)

    @property
    def child_pids(self) -> tuple[int | None, int | None]:
        """The process ids of the audio process and of the simulator, None for one that is not
        running; for tests and benches."""
        return self._controller.child_pids

    def devices(self, timeout_s: float = DEVICES_S) -> Devices:
        """List the devices that sessions use, with a new audio process. Raises DevicesUnavailable,
        EngineDown."""
        return self.devices_and_link(timeout_s)[0]

    def devices_and_link(
        self, timeout_s: float = DEVICES_S, *, measure: bool = False
    ) -> tuple[Devices, SoundLink | None]:
        """List the devices that sessions use, and the link to the machine that has them; None for
        this machine. measure: take a second to measure the link. Raises DevicesUnavailable,
        EngineDown."""
        loop, asking = self._loop, self._controller.devices(measure=measure)
        try:
            if loop is None:
                raise EngineDown("The engine does not run.")
            future = asyncio.run_coroutine_threadsafe(asking, loop)
        except (EngineDown, RuntimeError):
            asking.close()
            raise EngineDown("The engine does not run.") from None
        try:
            return future.result(timeout_s)
        except AudioUnavailable as error:
            raise DevicesUnavailable(str(error)) from error
        except concurrent.futures.TimeoutError:
            future.cancel()
            raise DevicesUnavailable(
                f"The sound devices did not answer within {timeout_s:g} s."
            ) from None

    def close(self, timeout_s: float = CLOSE_S) -> bool:
        """Close every session with the close code 1000, then end audio process, simulator and
        thread. Returns whether the thread has ended in time."""
        self._close_asked = True
        loop, stopping = self._loop, self._stopping
        if loop is not None and stopping is not None:
            try:
                loop.call_soon_threadsafe(stopping.set)
            except RuntimeError:
                _log.debug("the engine had ended already")
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
            threading.excepthook = self._threads_hook
        return not self._thread.is_alive()

    def _thread_crashed(self, crash: threading.ExceptHookArgs) -> None:
        """Log and show an exception that a thread of this program did not catch. Python would only
        print it, over the screen."""
        name = crash.thread.name if crash.thread is not None else "unknown"
        _log.error("the thread %s crashed", name, exc_info=crash.exc_value)
        self._notices.put(internal_error(crash.exc_value, f"ended the thread {name}"))
        self._controller.call_listener()

    # In the engine's thread.

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception as error:
            # The border of the thread: an exception that leaves the thread would be lost.
            _log.exception("the engine crashed")
            self._notices.put(internal_error(error, "stopped the engine", "Start again."))
        finally:
            self._loop = None
            self._started.set()
            self._controller.publish_last()

    async def _main(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._unhandled)
        self._stopping = asyncio.Event()
        self._controller.begin(loop)
        self._loop = loop
        self._started.set()
        if self._close_asked:
            # `close` was called before there was a loop to which it could pass that on.
            self._stopping.set()
        try:
            await self._stopping.wait()
        finally:
            await self._controller.close()

    def _carry_out(self) -> None:
        while self._intents:
            intent = self._intents.popleft()
            try:
                self._controller.carry_out(intent)
            except Exception as error:
                # The border of an intent: one that fails must not keep the next ones from being
                # carried out.
                name = type(intent).__name__
                _log.exception("the intent %s failed", name)
                self._controller.notify(internal_error(error, f"in {name}"))

    def _unhandled(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        caught = error if isinstance(error, BaseException) else None
        _log.error("in the engine: %s", context.get("message"), exc_info=caught)
        self._controller.notify(internal_error(caught, "was caught"))
