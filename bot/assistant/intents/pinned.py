"""Written by `manage.py train_assistant`."""

SHA256 = "adf3d4e8014988a3f1101c557635b8f3139c197aeea1219680c28d00d69242ca"
