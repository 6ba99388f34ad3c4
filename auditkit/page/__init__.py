"""`auditkit open`: an audit on a page of this machine, another face of the same commands.

Each screen asks one thing and writes it into audit.yaml; what the page does, the terminal can repeat. The server
(`open_page`) knows no reader of files: those work in processes of their own (`tasks`).
"""
