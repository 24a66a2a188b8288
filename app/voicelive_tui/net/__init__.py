"""The socket to the service: transport, sign-in, and errors in plain words."""
