"""Coverage-guided fuzzing of every parser of ours: `make fuzz`."""
