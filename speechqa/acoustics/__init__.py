"""What the voice itself says, apart from the words: pitch, spectrum and arousal against an own baseline."""
