"""One call through all stages, and many calls through one store."""
