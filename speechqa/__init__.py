"""Speech analytics for recorded calls: who said what, how, and whether the service was good."""

__version__ = "0.1.0"
