"""Whole journeys: real processes, real HTTP, real SMTP; people act by their phones and mailboxes alone."""
