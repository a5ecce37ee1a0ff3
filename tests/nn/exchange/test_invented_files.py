"""Sound files that somebody invented: nothing is made of them but models of nn's."""

import json

import numpy as np
import pytest
import safetensors.numpy

from nn import (
    GPT,
    CheckpointError,
    load,
    save,
)
from nn.exchange.known import numbers_of
from nn.exchange.stored import packed
from tests.nn.exchange.models import whole_model


@pytest.fixture
def path(saved_path):
    return saved_path


def refused(path, message="."):
    """Whether it is refused, with and without a model, which does not change."""
    given = whole_model()
    before = [p.data for p in given.parameters()], given.parts[1].generator
    for model in (None, given):
        with pytest.raises(CheckpointError, match=message) as caught:
            load(path, model=model)
        assert str(path) in str(caught.value)
        assert len(str(caught.value)) < 600
    return before == ([p.data for p in given.parameters()], given.parts[1].generator)


def content_of(path):
    with safetensors.safe_open(path, framework="np") as file:
        return json.loads(file.metadata()["chainrule"])["content"]


def described(kind, **arguments):
    return [{"class": kind, "arguments": arguments}]


MLP_OF = {"nin": 2, "nouts": [1], "activation": "relu"}
STRANGE_MODELS = {
    "nothing": [],
    "text": "MLP",
    "no entry": ["MLP"],
    "no arguments": [{"class": "MLP"}],
    "something more": [{"class": "MLP", "arguments": MLP_OF, "module": "os"}],
    "a class of Python's": described("list"),
    "a class in a module": described("os.system", command="true"),
    "an operation": described("relu"),
    "an optimizer": described("Adam", learning_rate=0.1),
    "an argument that is missing": described("MLP", nin=2, nouts=[1]),
    "an argument too many": described("MLP", **MLP_OF, seed=0),
    "inputs that are text": described("MLP", **MLP_OF | {"nin": "2"}),
    "inputs that are none": described("MLP", **MLP_OF | {"nin": 0}),
    "inputs below zero": described("MLP", **MLP_OF | {"nin": -2}),
    "layers that are none": described("MLP", **MLP_OF | {"nouts": []}),
    "layers that are text": described("MLP", **MLP_OF | {"nouts": "11"}),
    "layers that are huge": described("MLP", **MLP_OF | {"nouts": [10**12, 10**12]}),
    "layers that cancel": described("MLP", **MLP_OF | {"nouts": [10**9, -(10**9)]}),
    "a width that is huge": described("LayerNorm", width=10**12, epsilon=1e-5, affine=False),
    "an activation that is unknown": described("MLP", **MLP_OF | {"activation": "__class__"}),
    "an activation of code": described("MLP", **MLP_OF | {"activation": {"function": "eval"}}),
    "a part to come": described("Sequential", parts=[{"entry": 0}]),
    "a part from behind": described("Sequential", parts=[{"entry": -1}]),
    "a part that is true": described("Sequential", parts=[{"entry": True}]),
    "parts that are text": described("Sequential", parts="ab"),
    "parts that are nested": described("Sequential", parts=[[[]]]),
    "a GPT without end": described("GPT", symbols=2, context=2, width=2, heads=1, layers=10**12),
    "a GPT of nothing": described("GPT", symbols=2, context=2, width=0, heads=1, layers=10**12),
}


@pytest.mark.parametrize("model", STRANGE_MODELS.values(), ids=STRANGE_MODELS)
def test_a_model_that_somebody_invented_is_refused(model, path):
    content = content_of(path)
    content["model"]["made of"] = model
    try:
        count = numbers_of(model)  # so many that the file would do
    except (TypeError, ValueError):
        count = 3
    arrays = {"weight": np.ones(min(count, 100))}
    path.write_bytes(packed(arrays, content | {"optimizer": None}))
    with pytest.raises(CheckpointError):
        load(path)


STRANGE = {
    "a version to come": {"version": 2},
    "no version": {"version": None},
    "something more": {"code": "import os"},
    "a model that is text": {"model": "MLP"},
    "modes that are text": {"condition": "training"},
    "a mode that is a number": {"condition": {"training": 1, "others": {}, "generators": []}},
    "a mode of nobody": {"condition": {"training": True, "others": {"x": True}, "generators": []}},
    "no generators": {"condition": {"training": True, "others": {}, "generators": []}},
    "an optimizer that is text": {"optimizer": "Adam"},
    "an optimizer of code": {"optimizer": {"is": described("eval"), "trains": None, "numbers": {}}},
    "a schedule for an optimizer": {
        "optimizer": {
            "is": described("StepDecay", first=0.1, every=2, factor=0.5),
            "trains": None,
            "numbers": {},
        }
    },
    "an optimizer of other parameters": {
        "optimizer": {"is": [], "trains": [10**6], "numbers": {}},
    },
    "a history of text": {"history": {"loss": "1"}},
    "notes that are a list": {"notes": []},
    "names that are none": {"names": None},
}


@pytest.mark.parametrize("change", STRANGE.values(), ids=STRANGE)
def test_a_text_that_somebody_invented_is_refused(change, path):
    arrays = safetensors.numpy.load_file(path)
    path.write_bytes(packed(arrays, content_of(path) | change))
    assert refused(path)


GENERATORS = {
    "of another kind": {"bit_generator": "os.urandom"},
    "without a state": {"bit_generator": "PCG64"},
    "with text": {"bit_generator": "PCG64", "state": {"state": "1", "inc": 1}},
    "too large": {
        "bit_generator": "PCG64",
        "state": {"state": 2**300, "inc": 1},
        "has_uint32": 0,
        "uinteger": 0,
    },
}


@pytest.mark.parametrize("state", GENERATORS.values(), ids=GENERATORS)
def test_a_generator_that_somebody_invented_is_refused(state, path):
    content = content_of(path)
    content["condition"]["generators"][0]["state"] = state
    path.write_bytes(packed(safetensors.numpy.load_file(path), content))
    assert refused(path)


@pytest.mark.parametrize("name", ["optimizer/mean", "optimizer/other"])
@pytest.mark.parametrize("shape", [(), (2,), (10**6,)])
def test_memory_of_another_shape_is_refused(name, shape, path):
    arrays = safetensors.numpy.load_file(path) | {name: np.zeros(shape)}
    path.write_bytes(packed(arrays, content_of(path)))
    assert refused(path)


def test_a_gpt_of_the_right_size_is_made(path):
    model = GPT(3, context=2, width=2, heads=1)
    save(model, path)
    assert repr(load(path).model) == repr(model)
