"""What the commands are called in palette and help, and the other words by which people look for
them."""

from dataclasses import dataclass
from typing import Final

from voicelive_tui.tui.commands import BY_ID, COMMANDS, Command

TALK, LOOK, FIND, TAKE, TUNE, TABS, CONSOLE = (
    "Talk", "Look", "Find", "Take", "Tune", "Tabs", "Console"
)  # fmt: skip
GROUPS: Final = (TALK, LOOK, FIND, TAKE, TUNE, TABS, CONSOLE)
"""The groups in the order of palette and help."""


@dataclass(frozen=True, slots=True)
class CommandWords:
    """group: one of `GROUPS`. name: what the palette calls the command. short: what it is called in
    the columns of the help, where commands of one row share it; empty for one that is only in the
    list below them. others: more words to find it by."""

    group: str
    name: str
    short: str
    others: str = ""


WORDS: Final = {
    "session.toggle": CommandWords(
        TALK, "Start or stop the session", "start, stop, go on",
        "connect reconnect disconnect try now begin end run call hang up",
    ),
    "session.go_on": CommandWords(
        TALK, "Go on with a recorded session", "start, stop, go on",
        "resume continue recording journal earlier conversation terminal closed",
    ),
    "talk.toggle": CommandWords(
        TALK, "Talk, or send the turn", "talk, again to send",
        "push to talk ptt commit manual speak file",
    ),
    "session.mute": CommandWords(
        TALK, "Mute or unmute the microphone", "mute", "mic silence device input",
    ),
    "talk.interrupt": CommandWords(
        TALK, "Interrupt the agent", "interrupt",
        "cancel barge in silence stop speaking response discard stop trying reconnecting",
    ),
    "talk.message": CommandWords(
        TALK, "Type a message", "type a message", "text write chat send input",
    ),
    "talk.again": CommandWords(
        TALK, "Ask the last question again", "ask again",
        "repeat retry question same words other settings restart",
    ),
    "session.on_air": CommandWords(
        TALK, "Put this tab on air", "put on air",
        "microphone speaker device sound audio switch hear",
    ),
    "move.next_pane": CommandWords(LOOK, "Next pane", "next pane", "focus tab"),
    "move.previous_pane": CommandWords(LOOK, "Previous pane", "", "focus tab"),
    "time.back": CommandWords(
        LOOK, "Earlier in the timeline", "earlier, later", "time cursor left back scroll lanes",
    ),
    "time.forward": CommandWords(
        LOOK, "Later in the timeline", "earlier, later", "time cursor right forward scroll lanes",
    ),
    "time.zoom_in": CommandWords(
        LOOK, "Less time in the timeline", "zoom the timeline", "magnify scale detail larger",
    ),
    "time.zoom_out": CommandWords(
        LOOK, "More time in the timeline", "zoom the timeline", "scale overview smaller",
    ),
    "time.zoom_default": CommandWords(
        LOOK, "Usual zoom of the timeline", "zoom the timeline", "scale reset quarter second",
    ),
    "move.open": CommandWords(LOOK, "Details, events", "details, events", "open show json enter"),
    "move.back": CommandWords(LOOK, "Back", "back", "close escape leave"),
    "move.slowest": CommandWords(
        LOOK, "Slowest answer", "slowest, other turns",
        "latency late worst delay response time p95",
    ),
    "events.follow": CommandWords(
        LOOK, "Follow the newest", "follow, top, bottom", "tail live end latest scroll",
    ),
    "move.previous_turn": CommandWords(
        LOOK, "To the turn before", "slowest, other turns",
        "waterfall latency where time went tools tokens cost slow",
    ),
    "move.next_turn": CommandWords(
        LOOK, "To the next turn", "slowest, other turns",
        "waterfall latency where time went tools tokens cost slow",
    ),
    "move.zoom": CommandWords(
        LOOK, "Whole width for this pane", "whole width", "zoom maximise maximize full screen",
    ),
    "move.down": CommandWords(LOOK, "Down", "", "next row line cursor"),
    "move.up": CommandWords(LOOK, "Up", "", "previous row line cursor"),
    "move.page_down": CommandWords(LOOK, "A page down", "", "scroll"),
    "move.page_up": CommandWords(LOOK, "A page up", "", "scroll"),
    "move.top": CommandWords(
        LOOK, "To the first row", "follow, top, bottom", "home beginning start",
    ),
    "move.bottom": CommandWords(LOOK, "To the last row", "follow, top, bottom", "end newest"),
    "look.hear": CommandWords(
        LOOK, "Hear the turn", "hear the turn, stop", "play replay listen sound audio again stop",
    ),
    "console.notices": CommandWords(
        LOOK, "Notices", "notices", "messages warnings errors problems history log",
    ),
    "events.filter": CommandWords(
        FIND, "Find, filter", "find, next, previous",
        "search grep look for transcript events",
    ),
    "events.next_match": CommandWords(
        FIND, "Next match", "find, next, previous", "search find hit filter",
    ),
    "events.previous_match": CommandWords(
        FIND, "Previous match", "find, next, previous", "search find hit filter",
    ),
    "events.next_error": CommandWords(
        FIND, "Next error", "next, previous error", "fault failed failure problem",
    ),
    "events.previous_error": CommandWords(
        FIND, "Previous error", "next, previous error", "fault failed failure problem",
    ),
    "events.collapse": CommandWords(
        FIND, "Fold or unfold deltas", "fold deltas", "collapse streams runs audio expand",
    ),
    "events.from_here": CommandWords(
        FIND, "Filter from this event", "filter from here, shade",
        "hide only type item response turn",
    ),
    "events.shade": CommandWords(
        FIND, "Shade instead of hide; system notes", "filter from here, shade", "dim filter notes",
    ),
    "events.pair": CommandWords(
        FIND, "To the pair of this event", "to its pair", "reply request answer jump",
    ),
    "events.mark": CommandWords(
        FIND, "Count times from here", "count times, mark, note",
        "mark measure distance between two zero clock",
    ),
    "events.mark_now": CommandWords(
        FIND, "Mark this moment", "count times, mark, note", "bookmark flag moment note now",
    ),
    "events.note": CommandWords(
        FIND, "Note about this line", "count times, mark, note", "comment annotate remark mark",
    ),
    "events.copy": CommandWords(
        TAKE, "Copy the line", "copy line, turn", "clipboard yank event value",
    ),
    "events.copy_turn": CommandWords(
        TAKE, "Copy the turn", "copy line, turn", "clipboard yank conversation",
    ),
    "events.export": CommandWords(
        TAKE, "Write to files", "write files", "export save zip download recording transcript",
    ),
    "session.restart": CommandWords(
        TUNE, "Restart, same conversation", "restart",
        "reconnect new connection session voice model settings apply",
    ),
    "tune.settings": CommandWords(
        TUNE, "Settings", "settings",
        "tune change voice model turn detection silence threshold noise echo transcription "
        "instructions form configuration",
    ),
    "tune.save": CommandWords(
        TUNE, "Save the changed settings", "save, undo", "keep write store profile toml file",
    ),
    "tune.undo": CommandWords(
        TUNE, "Undo the last change of a setting", "save, undo", "revert settings back",
    ),
    "tune.in_force": CommandWords(
        TUNE, "Asked and in force", "in force",
        "settings configuration session.update session.updated compare ignored refused effective",
    ),
    "profile.show": CommandWords(
        TUNE, "This tab's profile", "profile",
        "settings voice model instructions device microphone speaker turn detection configuration",
    ),
    "profile.edit": CommandWords(
        TUNE, "Edit the profile in $EDITOR", "the profile in $EDITOR",
        "settings change voice model instructions prompt device microphone speaker turn detection "
        "configuration toml",
    ),
    "tab.open": CommandWords(
        TABS, "Profiles: open, new, rename...", "profiles, close",
        "new tab picker add agent delete duplicate trash template list move remove",
    ),
    "console.sessions": CommandWords(
        TABS, "Recorded sessions", "recorded sessions",
        "recordings history list journal open delete trash prune replay",
    ),
    "tab.close": CommandWords(TABS, "Close this tab", "profiles, close", "remove"),
    "tab.previous": CommandWords(TABS, "Previous tab", "tab before, after, n", "switch left"),
    "tab.next": CommandWords(TABS, "Next tab", "tab before, after, n", "switch right"),
    "console.help": CommandWords(
        CONSOLE, "Help", "help, commands, quit", "keys shortcuts bindings signs manual",
    ),
    "console.palette": CommandWords(
        CONSOLE, "Commands", "help, commands, quit", "palette find search",
    ),
    "console.quit": CommandWords(
        CONSOLE, "Quit", "help, commands, quit", "exit leave close end bye",
    ),
    "console.suspend": CommandWords(CONSOLE, "Suspend", "suspend", "shell background fg job stop"),
}  # fmt: skip
"""By the command's id, in the order of palette and help within a group."""

NUMBERED: Final = tuple(f"tab.{number}" for number in range(1, 10))


def words_of(command: Command) -> CommandWords:
    """The words of a command; for one without any, those of the table of commands."""
    if command.id in NUMBERED:
        number = command.id.removeprefix("tab.")
        return CommandWords(TABS, f"Tab {number}", "tab before, after, n", "switch show go")
    return WORDS.get(command.id) or CommandWords(CONSOLE, command.help, command.label)


def in_groups() -> dict[str, list[Command]]:
    """The commands of each group that has any, in the order of the words' table."""
    order = [BY_ID[name] for name in WORDS if name in BY_ID]
    order += [command for command in COMMANDS if command.id not in WORDS]
    groups: dict[str, list[Command]] = {group: [] for group in GROUPS}
    for command in order:
        groups[words_of(command).group].append(command)
    return {group: commands for group, commands in groups.items() if commands}
