"""Written by `manage.py train_assistant`."""

SHA256 = "b1852ad3050cc95efac4aef3f5d39113c8d74c6396ccbd1f6612a24cb2fd1254"
