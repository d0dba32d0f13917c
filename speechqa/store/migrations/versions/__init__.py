"""One module a version of the tables, in order; a published one is never changed."""
