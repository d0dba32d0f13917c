"""HTML pages: self-contained, no network, open from a file share."""
