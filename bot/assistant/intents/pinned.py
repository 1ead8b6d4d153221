"""Written by `manage.py train_assistant`."""

SHA256 = "ea715e591c767a43b82713ab7dc95749011309bceeb25cadb612480e1c0e14b0"
