"""Results made readable for people: terminal and HTML over the same documents."""
