"""Where documents are kept and found again: every version of every call, and an index over the current ones.

A document is kept once and never changed. What lists and totals ask for is an index derived from the current
documents; it can be built anew from them at any time.

`open_store` is the way in; nothing here loads a database library before it is called.
"""

from speechqa.store.opening import open_store

__all__ = ["open_store"]
