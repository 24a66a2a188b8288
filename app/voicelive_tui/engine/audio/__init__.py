"""The one microphone and the one speaker, routed to the session on air. Imports `service` and
`config`."""
