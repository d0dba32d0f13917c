"""Numbers in scenes written by hand from the issue alone, to measure masking that was not tuned on them."""
