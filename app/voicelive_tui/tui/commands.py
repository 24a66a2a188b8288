"""The table of all commands. Key bindings, help, palette and footer are made from it."""

from dataclasses import dataclass
from typing import Final

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the console.

    id: its name in the config file's `[keys]` table. keys: Textual's key names, separated by
    commas. label: a word for the footer. help: a sentence for help and palette. group: the heading
    in help.
    """

    id: str
    keys: str
    action: str
    label: str
    help: str
    group: str

    @property
    def full_action(self) -> str:
        """The action with its namespace, so that it can be run from anywhere."""
        return self.action if self.action.startswith("app.") else f"screen.{self.action}"

    def binding(self, action: str = "") -> Binding:
        """The command as a Textual binding. action: what its keys do instead of the command's own
        action, in a window that uses them itself."""
        return Binding(self.keys, action or self.action, self.label, show=False, id=self.id)


SESSION, TALK, EVENTS, MOVE, CONSOLE = (
    "Session",
    "Conversation",
    "Events",
    "Moving about",
    "Profiles, tabs, console",
)

COMMANDS: tuple[Command, ...] = (
    Command(
        "session.toggle",
        "s",
        "app.toggle_session",
        "start/stop",
        "Start this tab's session, or stop it; without a connection: try now",
        SESSION,
    ),
    Command(
        "session.go_on",
        "J",
        "app.go_on",
        "go on",
        "Go on with the recorded session of this tab, or with the one whose terminal went away",
        SESSION,
    ),
    Command(
        "session.restart",
        "R",
        "restart",
        "restart",
        "Take a new connection with the profile as it is now, and keep the conversation",
        SESSION,
    ),
    Command(
        "session.on_air",
        "a",
        "on_air",
        "on air",
        "Give microphone and speaker to this session; the others keep running",
        SESSION,
    ),
    Command("session.mute", "m", "mute", "mute", "Mute the microphone, or open it again", SESSION),
    Command(
        "talk.toggle",
        "t",
        "talk",
        "talk",
        "Open the microphone for a manual turn, again to commit it; with a file: speak it again",
        TALK,
    ),
    Command(
        "talk.again",
        "A",
        "ask_again",
        "ask again",
        "Take a new connection with the profile as it is now, and ask your last question again",
        TALK,
    ),
    Command(
        "talk.interrupt",
        "x",
        "interrupt",
        "interrupt",
        "Cancel the agent's answer, send the messages that wait; without a connection: stop trying",
        TALK,
    ),
    Command(
        "talk.message",
        "i",
        "message_line",
        "message",
        "Type a message; Enter sends it, Alt+Enter adds a line, Esc goes back",
        TALK,
    ),
    Command(
        "events.filter",
        "slash",
        "filter",
        "filter",
        "Find words in the transcript, or filter the events (F1 in the line explains the filter)",
        EVENTS,
    ),
    Command(
        "events.from_here",
        "F",
        "filter_from",
        "filter from here",
        "Filter from the event under the cursor: hide its type, only its response, item, turn ...",
        EVENTS,
    ),
    Command(
        "events.shade",
        "H",
        "shade",
        "shade",
        "Shade the events that the filter does not show; in the transcript: hide system notes",
        EVENTS,
    ),
    Command(
        "events.next_match",
        "n",
        "match(1)",
        "next match",
        "Next match of what was looked for in this pane",
        EVENTS,
    ),
    Command(
        "events.previous_match",
        "N",
        "match(-1)",
        "previous match",
        "Previous match of what was looked for in this pane",
        EVENTS,
    ),
    Command("events.next_error", "e", "error(1)", "next error", "Next error", EVENTS),
    Command("events.previous_error", "E", "error(-1)", "previous error", "Previous error", EVENTS),
    Command(
        "events.follow",
        "f",
        "follow",
        "follow",
        "Follow the newest, in events and transcript",
        EVENTS,
    ),
    Command(
        "events.collapse",
        "c",
        "collapse",
        "collapse",
        "Show each stream of events as one row, or each of its events",
        EVENTS,
    ),
    Command(
        "events.mark",
        "M",
        "time_mark",
        "time mark",
        "Count times from this event; at a second one: the time between them; then neither",
        EVENTS,
    ),
    Command(
        "events.mark_now",
        "b",
        "mark_now",
        "mark now",
        "Mark this moment in the journal, with a note if you type one",
        EVENTS,
    ),
    Command(
        "events.note",
        "B",
        "note",
        "note",
        "Write a note about the line or event under the cursor into the journal",
        EVENTS,
    ),
    Command(
        "events.pair",
        "P",
        "pair",
        "pair",
        "From a request to its reply, from a reply to its request",
        EVENTS,
    ),
    Command(
        "events.copy",
        "y",
        "copy_event",
        "copy",
        "Copy the event (or the transcript line) to the clipboard",
        EVENTS,
    ),
    Command(
        "events.copy_turn",
        "Y",
        "copy_turn",
        "copy turn",
        "Copy the whole turn, transcript and events, to the clipboard",
        EVENTS,
    ),
    Command(
        "events.export",
        "w",
        "export",
        "write",
        "Write one zip with the recording, its transcript and the events as filtered",
        EVENTS,
    ),
    Command("move.down", "down,j", "step(1)", "down", "Next row or line", MOVE),
    Command("move.up", "up,k", "step(-1)", "up", "Previous row or line", MOVE),
    Command("move.page_down", "pagedown", "page(1)", "page down", "A page down", MOVE),
    Command("move.page_up", "pageup", "page(-1)", "page up", "A page up", MOVE),
    Command("move.top", "g,home", "top", "top", "To the first row", MOVE),
    Command("move.bottom", "G,end", "bottom", "bottom", "To the last row", MOVE),
    Command(
        "move.open",
        "enter",
        "open",
        "details",
        "Transcript: to the events of this line. Events: the event, and its JSON",
        MOVE,
    ),
    Command(
        "move.back",
        "escape,backspace",
        "back",
        "back",
        "Back: from the details, from an event to its transcript line",
        MOVE,
    ),
    Command(
        "move.previous_turn",
        "left_parenthesis",
        "turn(-1)",
        "previous turn",
        "To the turn before: where its time went, its tools, its tokens",
        MOVE,
    ),
    Command(
        "move.next_turn",
        "right_parenthesis",
        "turn(1)",
        "next turn",
        "To the next turn; behind the last one, follow the newest",
        MOVE,
    ),
    Command(
        "look.hear",
        "space",
        "hear",
        "hear",
        "Hear the turn under the cursor as it was heard, or what you said in it; again to stop",
        MOVE,
    ),
    Command(
        "move.next_pane",
        "tab",
        "next_pane(1)",
        "next pane",
        "To the message line, and from there to the next pane",
        MOVE,
    ),
    Command(
        "move.previous_pane",
        "shift+tab",
        "next_pane(-1)",
        "previous pane",
        "To the pane before",
        MOVE,
    ),
    Command(
        "move.slowest",
        "L",
        "slowest",
        "slowest",
        "To the answer that took longest until it was heard, with p50 and p95",
        MOVE,
    ),
    Command(
        "move.zoom",
        "z",
        "zoom",
        "zoom",
        "Give the whole width to the pane with the focus, or share it again",
        MOVE,
    ),
    Command(
        "time.back",
        "h",
        "time_step(-1)",
        "earlier",
        "The cursor of the timeline to the column before, with events and transcript",
        MOVE,
    ),
    Command(
        "time.forward",
        "l",
        "time_step(1)",
        "later",
        "The cursor of the timeline to the next column, with events and transcript",
        MOVE,
    ),
    Command(
        "time.zoom_in",
        "equals_sign",
        "time_zoom(-1)",
        "zoom in",
        "Show less time in the timeline, in more detail",
        MOVE,
    ),
    Command(
        "time.zoom_out",
        "minus",
        "time_zoom(1)",
        "zoom out",
        "Show more time in the timeline",
        MOVE,
    ),
    Command(
        "time.zoom_default",
        "0",
        "time_zoom(0)",
        "usual zoom",
        "Show a quarter of a second in each column of the timeline again",
        MOVE,
    ),
    Command(
        "tune.settings",
        "comma",
        "settings",
        "settings",
        "Every setting of this tab: change it while you talk, and see what the service uses",
        CONSOLE,
    ),
    Command(
        "tune.save",
        "S",
        "app.save_profile",
        "save",
        "Write the settings that were changed into the profile's file, and nothing else",
        CONSOLE,
    ),
    Command(
        "tune.undo",
        "u",
        "undo_setting",
        "undo",
        "Take the last change of this tab's settings back",
        CONSOLE,
    ),
    Command(
        "tune.in_force",
        "D",
        "in_force",
        "in force",
        "The settings as the file has them, as they were asked for, and as they are in force",
        CONSOLE,
    ),
    Command(
        "profile.show",
        "p",
        "app.show_profile",
        "profile",
        "The profile of this tab: its text, its problems, its file",
        CONSOLE,
    ),
    Command(
        "profile.edit",
        "ctrl+e",
        "app.edit_profile",
        "edit",
        "Edit the profile in $EDITOR; a running session is updated",
        CONSOLE,
    ),
    Command(
        "tab.open",
        "plus,o,ctrl+n",
        "app.open_profile",
        "open",
        "All profiles: open one in a new tab, make, copy, rename or delete one",
        CONSOLE,
    ),
    Command(
        "tab.close",
        "ctrl+w",
        "app.close_tab",
        "close",
        "Close this tab; its session is stopped first",
        CONSOLE,
    ),
    Command(
        "tab.next",
        "right_square_bracket,ctrl+right",
        "tab_step(1)",
        "next tab",
        "Next tab",
        CONSOLE,
    ),
    Command(
        "tab.previous",
        "left_square_bracket,ctrl+left",
        "tab_step(-1)",
        "previous tab",
        "Previous tab",
        CONSOLE,
    ),
    *(
        Command(f"tab.{n}", str(n), f"tab({n - 1})", f"tab {n}", f"Tab {n}", CONSOLE)
        for n in range(1, 10)
    ),
    Command(
        "console.notices",
        "v",
        "notices",
        "notices",
        "All notices of this run of the program, with their times",
        CONSOLE,
    ),
    Command(
        "console.sessions",
        "O",
        "sessions",
        "sessions",
        "The recorded sessions: open one, go on with it, delete it",
        CONSOLE,
    ),
    Command("console.help", "question_mark,f1", "app.help", "help", "This help", CONSOLE),
    Command(
        "console.palette",
        "ctrl+p",
        "app.command_palette",
        "palette",
        "All commands by name",
        CONSOLE,
    ),
    Command(
        "console.suspend",
        "ctrl+z",
        "app.suspend_process",
        "suspend",
        "Suspend the console; `fg` in the shell brings it back",
        CONSOLE,
    ),
    Command(
        "console.quit",
        "q,ctrl+q,ctrl+c",
        "app.leave",
        "quit",
        "Close all sessions and quit",
        CONSOLE,
    ),
)

BY_ID = {command.id: command for command in COMMANDS}
CURSOR_KEYS: Final[tuple[Binding, ...]] = (
    BY_ID["move.down"].binding("step(1)"),
    BY_ID["move.up"].binding("step(-1)"),
    BY_ID["move.page_down"].binding("page(1)"),
    BY_ID["move.page_up"].binding("page(-1)"),
    BY_ID["move.top"].binding("step(-1000000)"),
    BY_ID["move.bottom"].binding("step(1000000)"),
)
"""The keys that move the cursor of a list with the actions `step` and `page`."""
