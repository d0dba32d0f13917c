"""`python -m speechqa`, where the command itself is not on the path."""

from speechqa.cli.app import main

if __name__ == "__main__":
    main()
