"""The console's panes: transcript and events."""
