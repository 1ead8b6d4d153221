"""Written by `manage.py train_assistant`."""

SHA256 = "5e788cb292f0384dbdf45959b7dc43d8f17af4252fc014b785ef58ab12a7964f"
