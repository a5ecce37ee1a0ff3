"""Whatever a file holds: it is loaded as it was saved, or refused, and nothing has changed."""

import json
import os
import struct

import numpy as np
import pytest

from nn import (
    CheckpointError,
    Layer,
    load,
)
from tests.nn.exchange.models import whole_model


@pytest.fixture
def path(saved_path):
    return saved_path


def everything(path, model=None):
    """What a file holds, as something that can be compared."""
    model, optimizer, history, notes = load(path, model=model)
    draws = [x.data for x in model.parts[1]([1.0] * 5)]
    return [p.data for p in model.parameters()], str(optimizer), history, notes, draws


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


def test_no_bit_can_be_changed_unseen(path):
    content, expected = path.read_bytes(), everything(path)
    random = np.random.default_rng(0)
    seen = 0
    for place in random.choice(len(content), 120, replace=False):
        changed = bytearray(content)
        changed[place] ^= 1 << random.integers(8)
        path.write_bytes(changed)
        try:
            assert everything(path) == expected  # such as white space that became another
        except CheckpointError:
            seen += 1
    assert seen > 110


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
