"""Written by `manage.py train_assistant`."""

SHA256 = "8b58b32510111bab1adccb37cb8aec9147f81bea872a8470e25b0136951e7733"
