"""Written by `manage.py train_assistant`."""

SHA256 = "c5beca3900911c144d2e6a86ceac956c52ae92c7c44a09356a21501c2de7d8ae"
