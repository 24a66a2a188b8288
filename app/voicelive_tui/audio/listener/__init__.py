"""Gives the sound of this machine to a console on another one: listens on a socket, and starts an
audio process for each peer that joins."""
