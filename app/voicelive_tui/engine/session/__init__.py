"""One session: its life, its connection, its send queue and its journal. Imports `audio`,
`service`, `config` and `refusals`."""
