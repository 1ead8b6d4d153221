"""How days and times are written and typed in the console: Django's own English way is the American."""
