"""What belongs to the console as a whole: its site, its navigation, who gets in. Its pages are in `admin`."""
