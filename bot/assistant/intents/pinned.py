"""Written by `manage.py train_assistant`."""

SHA256 = "34603e436e69bf5cf231351ae257c94b042cfad5c1567736eeeae7616ae47be5"
