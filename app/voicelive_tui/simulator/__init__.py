"""A Voice Live service on loopback: a second, independent reading of the API that shares no code with the client."""
