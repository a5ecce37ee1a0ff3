from threading import Thread

import pytest

from nn import read_csv


@pytest.fixture
def read(tmp_path):
    """Reads a table from what a file would hold."""

    def read(content, **options):
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_csv(path, **options)

    return read


@pytest.fixture
def in_time():
    """Says what a call gave or raised, if it does so at all, and does not wait for a pipe."""

    def in_time(call):
        def said():
            try:
                outcomes.append(repr(call()))
            except ValueError as error:
                outcomes.append(str(error))

        outcomes = []
        thread = Thread(target=said, daemon=True)
        thread.start()
        thread.join(5)
        return outcomes[0] if outcomes else "nothing"

    return in_time
