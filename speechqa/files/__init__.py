"""Files while they are made: whole or absent, and what a killed process left of them is found and removed."""
