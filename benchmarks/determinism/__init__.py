"""Whether the same input gives the same document, and how far other machines move one."""
