"""Who gets into the console: password and one-time code, lockout, how long a log-in lasts, what is noted."""
