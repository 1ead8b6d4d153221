"""Written by `manage.py train_assistant`."""

SHA256 = "619e55f2cb58b55dff9c5973bb34202e33ed4c275f65dff143d529059822961b"
