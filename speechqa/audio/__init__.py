"""From recording files to samples on one clock: decoding, placing, resampling, spooling, joining parties."""
