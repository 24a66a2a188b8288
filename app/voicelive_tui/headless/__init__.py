"""Front ends without cursor control, on the same engine: pipes, CI, screen readers."""
