"""`python -m auditkit`: the command line where no script was put on the path."""

from auditkit.cli import main

if __name__ == "__main__":
    main()
