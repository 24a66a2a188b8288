"""Sockets: the listening server, its clients, their log."""
