"""What happened when: levels, answers as heard, speech as the service detected it, by the session's
clock."""
