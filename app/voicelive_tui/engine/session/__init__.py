"""One session: its life from connect to goodbye, its queue, its journal. Imports `service`,
`config` and `audio`."""
