"""What pages show, worked out once as frozen values; whatever shows them computes nothing."""
