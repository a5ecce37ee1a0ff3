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
