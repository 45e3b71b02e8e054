"""The one exception that a reader should ever see from a bad input."""


class VtonError(Exception):
    """A mistake that its reader can mend: one line that names the file, the field and the mend.

    The command line prints the line and exits with code 2; notebooks show it as the last line of the traceback.
    """
