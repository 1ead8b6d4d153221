"""The pictures of the documentation, made anew by `make pictures`."""
