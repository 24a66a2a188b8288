"""The simulator's reading of the API: the handshake, the checks and tables of fields, identifiers. No sound, no conversation."""
