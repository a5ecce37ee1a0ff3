"""The error of data that cannot be read."""


class DataError(ValueError):
    """A file, or a description of data, is not what it must be; nothing was read.

    The message names the file, the row as an editor counts lines, the column, what stands there
    and what was expected.
    """
