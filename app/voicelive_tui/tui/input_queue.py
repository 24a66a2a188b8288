"""Handles keys, pastes and clicks one after the other, so that each acts on the effect of the one
before.

Textual hands a key to the widget that has the focus when the key arrives, and runs the key's
command after the key has bubbled up from there to the app. Without this queue, all keys of a burst
would go to the widget that got the first one, and none to the line or window that the first one
opens.

Invariant: at most one input is on its way through the widgets; later ones wait here.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.errors import NoWidget
from textual.events import Event, Key, MouseDown, MouseEvent, MouseUp, Paste
from textual.screen import Screen
from textual.widget import Widget


class InputQueue:
    """The inputs of an app in the order of their arrival. Used only from the app's message loop."""

    def __init__(self, app: App[Any], dispatch: Callable[[Event], Awaitable[None]]) -> None:
        """dispatch: sends an input on its way, as the app would without this queue."""
        self._app = app
        self._dispatch = dispatch
        self._waiting: deque[Event] = deque()
        self._busy = False

    @property
    def busy(self) -> bool:
        """True while an input has not had its whole effect yet."""
        return self._busy

    @staticmethod
    def takes(event: Event) -> bool:
        """Whether the event must keep its place in the order. A mouse move changes nothing that a
        key acts on."""
        return isinstance(event, Key | Paste | MouseDown | MouseUp) and not event.is_forwarded

    async def put(self, event: Event) -> None:
        """Dispatch the event once all earlier ones have had their effect."""
        self._waiting.append(event)
        if not self._busy:
            await self._next()

    async def _next(self) -> None:
        self._busy = bool(self._waiting)
        if self._waiting:
            event = self._waiting.popleft()
            target = self._target(event)
            await self._dispatch(event)
            await self._follow(iter(target.ancestors_with_self), None)

    def _target(self, event: Event) -> Widget:
        if isinstance(event, MouseEvent):
            try:
                return self._app.get_widget_at(event.x, event.y)[0]
            except NoWidget:
                pass
        return self._app.focused or self._app.screen

    async def _follow(
        self, path: Iterator[DOMNode], focus_before: tuple[Screen[Any], Widget | None] | None
    ) -> None:
        """Continue after each node of the path, in turn, has handled every message that it was
        sent.

        After the first pass up to the app, the input itself has been handled; after the second, the
        messages that it caused. If these moved the focus, the newly focused widgets follow: a new
        window must be mounted before it can be typed into.
        """
        for node in path:
            if node.call_later(self._follow, path, focus_before):
                return
        focus = (self._app.screen, self._app.focused)
        if focus == focus_before:
            await self._next()
        else:
            await self._follow(iter((focus[1] or focus[0]).ancestors_with_self), focus)
