"""Seeded bugs, one a patch: the suite is worth something if it fails on each. `make bite` runs them."""
