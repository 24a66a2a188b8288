"""Gists: what the row of an event says besides its name, without ids and without base64.

Every function takes the event and the events before it. Invariant: an event may hold any JSON, so
none of these functions raises, and the work for one is bounded whatever the size of the event.
"""
