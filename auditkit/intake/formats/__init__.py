"""One module a kind of file; a module that gives FORMATS is found by being here."""
