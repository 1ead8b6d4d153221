"""The phone's page in a real browser, in front of the whole service."""
