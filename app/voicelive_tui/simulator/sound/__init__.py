"""What is heard and what is said, as samples: voice activity and measurement of the input, voices and rendering of the output."""
