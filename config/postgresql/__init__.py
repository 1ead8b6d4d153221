"""Django's PostgreSQL, by connections that do not wait for a server that is not there (`base.py`)."""
