"""Adapters of engines: one engine a file, each imported only when used, and the model files they read."""
