"""Two voices on one channel: told apart, followed in time, and given their words."""
