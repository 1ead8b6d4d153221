"""The console's home page: what it is made of (`tiles`), who looks at it (`looks`), and the page itself."""
