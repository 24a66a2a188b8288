"""Sound as samples: voice activity and measurement of the input, voices and rendering of the
output.

The decisions made where the documents are silent:

* An append may begin with a WAV header, complete or in pieces: it is removed when the file has the
  session's format, and is an error otherwise. Raw audio and files may follow one another.
* Input is measured and discarded: a few numbers are kept of each block of 20 ms, for at least ten
  minutes while they are not committed, and for twenty at most. A buffer of less than one block
  counts as empty.
* A turn begins when speech is long enough and some part of it is voiced. A part is voiced when it
  is periodic, or when a syllable ends in it. New noise that continues, such as a fan, begins no
  turn. `audio_start_ms` is where the speech began, unvoiced sounds included.
* The client's echo reference is subtracted, and the effect is measured. Noise reduction and the
  service's own echo cancellation change nothing.
* The same text with the same prosody gives the same samples in every run. A voice's `rate`, `pitch`
  and `volume` are applied as far as they are understood (a factor, per cent, semitones, SSML's
  words); its name chooses one of five speakers.
* Word times and visemes are espeak-ng's own. The tone voice has no phonemes: its mouth opens for
  each word.
* The formats pcm16_22050hz, _24000hz, _44100hz and _48000hz, which are in use but undocumented, are
  available for Azure voices.
"""
