"""Frozen values that travel through the pipeline; they import nothing of speechqa but its errors."""
