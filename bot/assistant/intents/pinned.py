"""Written by `manage.py train_assistant`."""

SHA256 = "f01680a0dd5956198149d461340d8c0bbc187ea30132b41fb6c20b8c818b7045"
