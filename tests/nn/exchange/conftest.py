import pytest

from nn import Adam, CosineDecay, History, save
from tests.nn.exchange.models import whole_model


@pytest.fixture
def path(tmp_path):
    """Of a file that is not there yet."""
    return tmp_path / "model.safetensors"


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    """What a file of `whole_model()` holds, with optimizer, history and notes."""
    path = tmp_path_factory.mktemp("saved") / "model.safetensors"
    model = whole_model()
    optimizer = Adam(model.parameters(), CosineDecay(0.1, steps=10))
    save(model, path, optimizer=optimizer, history=History(loss=[0.5]), notes={"classes": ["a"]})
    return path.read_bytes()


@pytest.fixture
def saved_path(tmp_path, saved):
    """Of a file that holds it."""
    path = tmp_path / "model.safetensors"
    path.write_bytes(saved)
    return path
