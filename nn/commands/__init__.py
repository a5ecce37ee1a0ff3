"""The command line `chainrule`: an application, which may use all packages, a file a command.

Nothing of the library imports it.
"""
