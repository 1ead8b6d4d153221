"""Pages in a real browser, each in front of a web server of the test itself."""
