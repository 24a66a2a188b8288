"""Why an intent is not carried out, in one notice for each reason: front ends post their intents
and repeat none of these judgements."""

from voicelive_tui.protocol.commands import Notice

IS_RECORDED = Notice(
    "info",
    "This is a recorded session.",
    "{tab.open} opens a profile to start a new one.",
)
NOT_RUNNING = Notice("info", "The session is not connected.", "{session.toggle} starts it.")
NOT_YET_CONNECTED = Notice(
    "info", "The session is being connected or closed; try again in a moment."
)
NOT_ON_AIR = Notice(
    "info", "This session is not on air.", "{session.on_air} gives it microphone and speaker."
)
