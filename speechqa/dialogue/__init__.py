"""Who speaks when, who is who, and how the parties take turns; works on times and words, never on samples."""
