"""The line-mode front ends, without cursor control: for pipes, CI and screen readers."""
