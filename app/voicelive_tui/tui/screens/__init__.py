"""The console's screens: the main screen and the windows over it."""
