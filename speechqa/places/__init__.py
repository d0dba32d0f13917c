"""Recordings that lie elsewhere: which addresses mean something, and reading what is behind them."""
