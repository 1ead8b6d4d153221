"""Written by `manage.py train_assistant`."""

SHA256 = "3ceff1197b60ae353143f9eef552bae8fc727397671ffbca411fec2212cc7127"
