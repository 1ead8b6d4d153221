"""Written by `manage.py train_assistant`."""

SHA256 = "9764e3d7744a98d791c24c80c90e5da01ee8a61324b374f131fb6edee6d924d3"
