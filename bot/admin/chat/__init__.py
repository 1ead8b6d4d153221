"""A conversation as staff see it: what was said, and beside it who it is and where they stand."""
