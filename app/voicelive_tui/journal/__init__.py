"""The append-only record of a session: every frame on disk, and an index of columns over them in
memory."""
