"""Faults: named unkindnesses of the service, armed by a scenario or live, carried out on the handshake or on the wire."""
