"""Navigation on the main screen: cursors, focus, filter, and the way from a transcript line to its
events and back."""

from textual import on
from textual.screen import Screen
from textual.widget import Widget

from voicelive_tui.model.notice import NoticeLevel
from voicelive_tui.tui.formatting import plural
from voicelive_tui.tui.panes.event_search import count_matches
from voicelive_tui.tui.panes.events import EventsPane
from voicelive_tui.tui.panes.transcript import TranscriptPane
from voicelive_tui.tui.widgets.event_detail import EventDetail
from voicelive_tui.tui.widgets.event_list import EventList
from voicelive_tui.tui.widgets.filter_input import FilterInput
from voicelive_tui.tui.widgets.find_row import FindInput
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.message_line import MessageLine
from voicelive_tui.tui.widgets.message_line_events import MessageLineLeft
from voicelive_tui.tui.widgets.transcript_view import TranscriptView


class NavigationScreen(Screen[None]):
    """A screen with transcript and events pane. Its actions change what is selected and shown, and
    no session."""

    _return_to: Widget | None = None

    def can_type(self) -> bool:
        """Whether the message line accepts messages."""
        raise NotImplementedError

    def show_panes(self) -> None:
        """Show both panes instead of a page in their place."""
        raise NotImplementedError

    def show_message(self, level: NoticeLevel, text: str, cure: str = "") -> None:
        """Show a notice in the message bar; text and cure are those of a `Notice`."""
        raise NotImplementedError

    @property
    def transcript_pane(self) -> TranscriptPane:
        """The transcript pane."""
        return self.query_one(TranscriptPane)

    @property
    def events_pane(self) -> EventsPane:
        """The events pane."""
        return self.query_one(EventsPane)

    @property
    def message_line(self) -> MessageLine:
        """The message line."""
        return self.query_one(MessageLine)

    def _pane(self) -> LineView:
        focused = self.focused
        return focused if isinstance(focused, LineView) else self.events_pane.events

    def action_step(self, lines: int) -> None:
        """Move the cursor by this many rows, negative ones up; scroll where there is no cursor."""
        pane = self._pane()
        if isinstance(pane, EventList | TranscriptView):
            pane.step(lines)
        else:
            pane.scroll_to(y=pane.top + lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Move by this many pages, negative ones up."""
        pane = self._pane()
        if isinstance(pane, EventList):
            pane.step(pages * max(1, pane.page - 1))
        else:
            pane.scroll_to(y=pane.top + pages * max(1, pane.page - 1), animate=False)

    def action_top(self) -> None:
        """Go to the first row."""
        pane = self._pane()
        if isinstance(pane, EventList | TranscriptView):
            pane.select(0)
        else:
            pane.scroll_to(y=0, animate=False)

    def action_bottom(self) -> None:
        """Go to the newest row."""
        pane = self._pane()
        if isinstance(pane, EventList | TranscriptView):
            pane.follow()
        else:
            pane.to_end()

    def action_open(self) -> None:
        """Go from a transcript line to its events, or from an event to its details."""
        match self.focused:
            case TranscriptView() as transcript:
                transcript.choose() if transcript.current else transcript.step(-1)
            case EventList() as event_list:
                event_list.step(-1) if event_list.cursor is None else self._open_detail()

    @on(TranscriptView.Chosen)
    def _to_events(self, event: TranscriptView.Chosen) -> None:
        line = event.line
        if line.state == "waiting":
            self.show_message("info", "It is not sent yet.", "{talk.interrupt} sends it now.")
            return
        self.show_events()
        self.events_pane.events.related = (line.first_n, line.last_n)
        self.events_pane.events.go_to(line.first_n)
        self.set_focus(self.events_pane.events)

    @on(EventList.Chosen)
    def _open_detail(self) -> None:
        self.events_pane.add_class("detail-open")
        self.set_focus(self.events_pane.detail)

    @on(EventDetail.JsonWanted)
    def _open_json(self) -> None:
        from voicelive_tui.tui.panes.json_page import JsonPage

        chosen = self.events_pane.chosen_event()
        if chosen is not None and not self.query("#json-page"):
            self.mount(JsonPage(*chosen, self.events_pane.keymap), after="#panes")
            self.add_class("json-open")

    def on_json_page_left(self) -> None:
        """Show the panes again in place of an event's JSON."""
        self.remove_class("json-open")
        self.set_focus(self.events_pane.detail)
        self.query("#json-page").remove()

    @on(EventsPane.Elsewhere)
    def _leave_json(self) -> None:
        if not self.has_class("json-open"):
            return
        from voicelive_tui.tui.panes.json_page import JsonPage

        for page in self.query(JsonPage):
            if self.events_pane.chosen_event() != (page.index, page.n):
                self.on_json_page_left()

    def action_pair(self) -> None:
        """Go from a request to its reply, and back."""
        self.show_events()
        self.events_pane.to_pair()

    def action_back(self) -> None:
        """Go back one step: from the details to the list, from an event to its transcript line."""
        pane, transcript = self.events_pane, self.transcript_pane.transcript
        if pane.detail.has_focus:
            pane.remove_class("detail-open")
            self.set_focus(pane.events)
        elif pane.events.has_focus:
            n = pane.events.cursor_n
            if n is not None and not transcript.select_record(n):
                self.show_message("info", "This event belongs to no line of the transcript.")
            pane.events.related = None
            pane.events.refresh()
            self.remove_class("zoom-events")
            self.set_focus(transcript)
        elif transcript.has_focus and not self.transcript_pane.clear_find():
            transcript.follow()

    def action_message_line(self) -> None:
        """Focus the message line."""
        if not self.can_type():
            return
        self._return_to = self.focused if isinstance(self.focused, LineView) else None
        self.message_line.focus_field()

    @on(MessageLineLeft)
    def _leave_message(self) -> None:
        self.set_focus(self._return_to or self.transcript_pane.transcript)

    def _panes(self) -> list[Widget]:
        panes: list[Widget] = [
            *self.query("#notices"),
            self.transcript_pane.transcript,
            self.events_pane.events,
            self.events_pane.detail,
            *self.query("#turn"),
            *self.query("#json"),
            *self.query("#settings"),
            *self.query("#in-force"),
            *self.query("#timeline"),
        ]
        return [
            pane
            for pane in panes
            if pane.display
            and all(parent.display for parent in pane.ancestors if isinstance(parent, Widget))
        ]

    def action_next_pane(self, step: int) -> None:
        """Move the focus: forward to the message line and from there to the next pane, backward
        from pane to pane."""
        panes = self._panes()
        focused = self.focused
        if isinstance(focused, FilterInput):
            self.events_pane.close_filter()
        elif isinstance(focused, FindInput):
            self.transcript_pane.close_find()
        elif step > 0 and not self.message_line.typing and self.can_type():
            self.action_message_line()
        else:
            start = self._return_to if self.message_line.typing else focused
            position = panes.index(start) if start in panes else 0
            self.set_focus(panes[(position + step) % len(panes)])

    def show_events(self) -> None:
        """Show the events pane if the transcript or a page has the whole width. On a small screen
        it takes the transcript's place."""
        self.show_panes()
        self.remove_class("zoom-transcript")
        if self.has_class("compact"):
            self.add_class("zoom-events")

    def action_zoom(self) -> None:
        """Give the whole width to the pane with the focus, or show both panes again."""
        if self.has_class("zoom-transcript") or self.has_class("zoom-events"):
            self.remove_class("zoom-transcript", "zoom-events")
        else:
            self.add_class(
                "zoom-transcript"
                if self.transcript_pane.transcript.has_focus or self.message_line.typing
                else "zoom-events"
            )

    # The event list

    def action_filter(self) -> None:
        """Open the filter line; in the transcript the row in which words to find are typed."""
        if self.transcript_pane.transcript.has_focus:
            self.transcript_pane.open_find()
            return
        self.show_events()
        self.events_pane.open_filter()

    def action_match(self, step: int) -> None:
        """Go to the next (`step` 1) or previous (-1) match in the pane with the focus."""
        if not self.transcript_pane.transcript.has_focus:
            self.events_pane.seek_match(step)
        elif notice := self.transcript_pane.seek_match(step):
            self.show_message(notice.level, notice.text, notice.cure)

    @on(TranscriptPane.NotFound)
    def _tell_of_the_events(self, event: TranscriptPane.NotFound) -> None:
        text, cure = f"No line of the transcript has {event.query_text}.", ""
        if count := count_matches(self.events_pane.state.index, event.query_text):
            text += f" {plural(count, 'event')} would match."
            cure = "{move.next_pane} goes to the events, {events.filter} filters them."
        self.show_message("info", text, cure)

    def action_slowest(self) -> None:
        """Go to the answer that was heard latest, in transcript and events."""
        pane = self.transcript_pane
        self.show_panes()
        self.remove_class("zoom-events")
        self.set_focus(pane.transcript)
        notice = pane.select_slowest()
        if line := pane.transcript.current:
            self.events_pane.events.related = (line.first_n, line.last_n)
            self.events_pane.events.go_to(line.first_n)
        self.show_message(notice.level, notice.text)

    def action_error(self, step: int) -> None:
        """Go to the next (`step` 1) or previous (-1) error, whichever pane has the focus."""
        self.show_events()
        if self.events_pane.seek_error(step):
            self.set_focus(self.events_pane.events)

    def action_filter_from(self) -> None:
        """Offer the filters that one letter makes of the event under the cursor."""
        self.show_events()
        self.events_pane.ask_filter()

    def action_shade(self) -> None:
        """Shade the events that the filter does not show instead of hiding them; in the transcript
        leave out the system notes or show them again."""
        if self.transcript_pane.transcript.has_focus:
            self.show_message("info", self.transcript_pane.toggle_notes())
        else:
            self.events_pane.toggle_shade()

    def action_follow(self) -> None:
        """Let both panes follow the newest row."""
        self.events_pane.events.follow()
        self.transcript_pane.transcript.follow()
        self.events_pane.events.related = None

    def action_collapse(self) -> None:
        """Toggle the collapsing of streamed events."""
        self.events_pane.toggle_collapse()

    def action_time_mark(self) -> None:
        """Set or remove the time mark."""
        self.events_pane.toggle_mark()
