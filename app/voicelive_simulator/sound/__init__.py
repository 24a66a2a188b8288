"""What is heard and what is said, as samples: voice activity and measurement of the input, voices
and rendering of the output.

What it decides where the documents are silent:

* An append may begin with a WAV header, whole or in pieces: it is taken off when the file has the
  session's format, and is an error otherwise. Raw audio and files may follow one another.
* Input is measured and thrown away: of each block of 20 ms a few numbers stay, for ten minutes at
  least while they are not committed, and twenty at most. A buffer of less than one block is an
  empty one.
* A turn begins when speech is long enough and something in it is a voice's: a period, or a
  syllable's end. Noise that comes on and stays, a fan say, begins none. `audio_start_ms` is where
  the speech began, unvoiced sounds included.
* The client's echo reference is subtracted, and what that brought is measured. Noise reduction and
  the service's own echo cancellation change nothing.
* The same text in the same manner is the same samples in every run. `rate`, `pitch` and `volume` of
  a voice count as far as they are understood (a factor, per cent, semitones, SSML's words); its
  name chooses one of five speakers.
* Word times and visemes are espeak-ng's own. The tone voice has no phonemes: its mouth opens for
  each word.
* The formats pcm16_22050hz, _24000hz, _44100hz and _48000hz, seen in use but not documented, are
  there for Azure voices.
"""
