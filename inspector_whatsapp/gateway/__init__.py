"""Inspector's own side: its keys, its backend, its webhooks. Calls out, as only the way to Meta does."""
