"""Whatever a file holds: it is loaded as it was saved, or refused, and nothing has changed."""

import json
import os
import struct

import numpy as np
import pytest
import safetensors.numpy

from nn import (
    GPT,
    MLP,
    Adam,
    CheckpointError,
    CosineDecay,
    Dropout,
    History,
    Layer,
    Sequential,
    load,
    save,
)
from nn.exchange.stored import packed


def whole_model():
    return Sequential(Layer(2, 3, seed=0), Dropout(0.5, seed=0), MLP(3, [2, 1], seed=1))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "model.safetensors"
    model = whole_model()
    optimizer = Adam(model.parameters(), CosineDecay(0.1, steps=10))
    save(model, path, optimizer=optimizer, history=History(loss=[0.5]), notes={"classes": ["a"]})
    return path


def everything(path, model=None):
    """What a file holds, as something that can be compared."""
    model, optimizer, history, notes = load(path, model=model)
    draws = [x.data for x in model.parts[1]([1.0] * 5)]
    return [p.data for p in model.parameters()], str(optimizer), history, notes, draws


def refused(path, message=""):
    """Whether it is refused, with and without a model, which does not change."""
    given = whole_model()
    before = [p.data for p in given.parameters()], given.parts[1].generator
    for model in (None, given):
        with pytest.raises(CheckpointError, match=message) as caught:
            load(path, model=model)
        assert str(path) in str(caught.value)
        assert len(str(caught.value)) < 600
    return before == ([p.data for p in given.parameters()], given.parts[1].generator)


def test_no_bit_can_be_changed_unseen(path):
    content, expected = path.read_bytes(), everything(path)
    random = np.random.default_rng(0)
    seen = 0
    for place in random.choice(len(content), 250, replace=False):
        changed = bytearray(content)
        changed[place] ^= 1 << random.integers(8)
        path.write_bytes(changed)
        try:
            assert everything(path) == expected  # such as white space that became another
        except CheckpointError:
            seen += 1
    assert seen > 240


def test_a_file_that_was_cut_off_is_refused(path):
    content = path.read_bytes()
    for length in [*range(0, 20), *range(20, len(content), 97), len(content) - 1]:
        path.write_bytes(content[:length])
        assert refused(path, "damaged")


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_are_refused(seed, path):
    random = np.random.default_rng(seed)
    length = int(random.integers(1, 300))
    header = struct.pack("<Q", length) if seed % 2 else b""
    path.write_bytes(header + random.bytes(2 * length))
    assert refused(path, "no safetensors file, or damaged")


def written(path, header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def entry(dtype="F64", shape=(1,), end=8):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [0, end]}


HEADERS = {
    "no header": b"",
    "no JSON": b"{" * 100,
    "nested deeply": b'{"a":' + b"[" * 100_000,
    "a list": [1, 2],
    "single precision": {"x": entry("F32", [2])},
    "half precision": {"x": entry("BF16", [4])},
    "whole numbers": {"x": entry("I64", [1])},
    "ten gigabytes": {"x": entry(shape=[10 * 2**27], end=10 * 2**30)},
    "more than there can be": {"x": entry(shape=[2**62, 2**62])},
    "nothing, in a huge shape": {"x": entry(shape=[0, 2**62], end=0)},
    "below zero": {"x": entry(shape=[-1])},
    "a shape that is no number": {"x": entry(shape=["a"])},
    "other offsets": {"x": entry(end=4)},
    "a name twice": b'{"x":%b,"x":%b}' % ((json.dumps(entry()).encode(),) * 2),
    "a name that is a path": {"../../x": entry()},
    "a name of nothing": {"": entry()},
    "text that is no text": {"__metadata__": {"chainrule": 1}, "x": entry()},
    "text that is no JSON": {"__metadata__": {"chainrule": "{"}, "x": entry()},
    "text that is nested": {"__metadata__": {"chainrule": "[" * 100_000}, "x": entry()},
    "text of a long number": {"__metadata__": {"chainrule": "1" * 10_000}, "x": entry()},
    "text of another kind": {"__metadata__": {"chainrule": "[]"}, "x": entry()},
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_that_somebody_invented_is_refused(header, path):
    written(path, header, b"12345678")
    assert refused(path)


@pytest.mark.parametrize("length", [0, 1, 2**31, 2**63, 2**64 - 1])
def test_a_header_of_another_length_is_refused(length, path):
    path.write_bytes(struct.pack("<Q", length) + path.read_bytes()[8:])
    assert refused(path)


def test_a_file_of_ten_gigabytes_is_refused_before_it_is_read(path):
    header = json.dumps({"weight": entry(shape=[10 * 2**27], end=10 * 2**30)}).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        file.truncate(8 + len(header) + 10 * 2**30)  # a hole, which takes no space on the disk
    with pytest.raises(CheckpointError, match="weight has the shape"):
        load(path, model=Layer(2, 1))


# ----------------------------------------------------------------- a sound file of strange content


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
    path.write_bytes(packed({"layers.0.weight": np.ones((1, 2))}, content | {"optimizer": None}))
    with pytest.raises(CheckpointError):
        load(path)


STRANGE = {
    "a version to come": {"version": 2},
    "no version": {"version": None},
    "something more": {"code": "import os"},
    "a model that is text": {"model": "MLP"},
    "modes that are text": {"modes": "training"},
    "a mode that is a number": {"modes": {"training": 1, "others": {}, "generators": []}},
    "a mode of nobody": {"modes": {"training": True, "others": {"x": True}, "generators": []}},
    "no generators": {"modes": {"training": True, "others": {}, "generators": []}},
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
    content["modes"]["generators"][0]["state"] = state
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


# ------------------------------------------------------------------------------- what is no file


def test_a_file_that_is_not_there_is_missing_as_any_other(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.safetensors"):
        load(tmp_path / "nothing.safetensors")


def test_a_folder_or_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(CheckpointError, match="a folder or a device, and no file"):
            load(path)


def test_a_model_to_fill_is_a_module(path):
    with pytest.raises(TypeError, match="the model to fill is a Module, not 'MLP'"):
        load(path, model="MLP")
