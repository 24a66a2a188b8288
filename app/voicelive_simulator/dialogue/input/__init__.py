"""The user's side: appended audio, turn detection, transcription. Imports `responses` and
`state`."""
