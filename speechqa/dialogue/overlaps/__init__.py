"""Where two parties speak at once, who had the floor, and what each overlap was."""
