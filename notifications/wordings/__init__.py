"""What our message templates say, by what they are about."""
