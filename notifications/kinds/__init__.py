"""What is said to people of what happened: a module per subject, each listed in KINDS."""
