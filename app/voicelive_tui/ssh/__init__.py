"""`voicelive-tui ssh`: the console on another machine, with the microphone and the speaker of this
one.

"This machine" or "local" is the one in front of the person: it has the devices and the audio
engine. HOST or "remote" is the one on which the console runs. Everything between the two goes
through one SSH connection of the system's `ssh`.
"""
