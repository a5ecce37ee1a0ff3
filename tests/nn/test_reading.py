"""What is read of many parameters at once is of one moment, while another thread moves them."""

import copy
import threading

import pytest
import safetensors.numpy

from autograd.locking import moving
from nn import MLP, SGD, save


def saved(model, path):
    save(model, path)
    return [a.ravel() for a in safetensors.numpy.load_file(path).values()]


READINGS = {
    "state_dict": lambda model, path: [a.ravel() for a in model.state_dict().values()],
    "save": saved,
    "weights": lambda model, path: model.layers[0].weights,
}


class Stepping:
    """Between two layers it lets a step of another thread happen, when it is copied."""

    def __init__(self, model):
        self.model = model

    def __deepcopy__(self, memo):
        def step():
            for p in self.model.parameters():
                p.data = 7.0

        thread = threading.Thread(target=step)
        thread.start()
        thread.join()
        return self


def test_what_is_copied_is_of_one_moment_too():
    model = MLP(3, [2, 1], seed=0)
    SGD(model.parameters()).zero_grad()
    before = [p.data for p in model.parameters()]
    model.layers.insert(1, Stepping(model))
    assert [p.data for p in copy.deepcopy(model).parameters()] == before
    assert {p.data for p in copy.deepcopy(model).parameters()} == {7.0}


@pytest.mark.parametrize("reading", READINGS)
def test_a_step_in_another_thread_is_seen_whole_or_not_at_all(reading, tmp_path):
    model, found = MLP(3, [2, 1], seed=0), []
    parameters = model.parameters()

    def read():
        arrays = READINGS[reading](model, tmp_path / "model.safetensors")
        found.append({float(number) for array in arrays for number in array})

    reader = threading.Thread(target=read)
    with moving:  # as an optimizer does
        for p in parameters[::2]:
            p.data = 7.0
        reader.start()
        reader.join(0.05)
        for p in parameters:
            p.data = 7.0
    reader.join()
    assert found == [{7.0}]
