"""Arrays in IDX files, and MNIST in four of them."""

import gzip
import os
import random
import struct
import tracemalloc
from functools import partial

import numpy as np
import pytest

from nn import MLP, DataError, fit, read_idx, read_mnist

TYPES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
PIXELS = np.random.default_rng(0).integers(0, 256, (12, 4, 3)).astype(np.uint8)


def header(kind, shape):
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, TYPES[kind], len(shape), *shape)


def idx(array):
    kind = array.dtype.str[1:]
    return header(kind, array.shape) + array.astype(f">{kind}").tobytes()


@pytest.fixture
def read(tmp_path):
    def read(content):
        path = tmp_path / "numbers.idx"
        path.write_bytes(content)
        return read_idx(path)

    return read


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
@pytest.mark.parametrize("shape", [(7,), (1, 1), (3, 4, 5), (2, 1, 2, 1, 2)])
@pytest.mark.parametrize("kind", TYPES)
def test_an_array_of_each_type_is_read_as_it_was_written(read, kind, shape, pack):
    array = np.random.default_rng(1).normal(0, 60, shape).astype(kind)
    found = read(pack(idx(array)))
    assert (found.dtype, found.shape) == (np.dtype(kind), shape)
    assert found.dtype.isnative
    assert (found == array).all()
    found[...] = 0


def test_a_gzipped_file_in_several_parts_is_one(read):
    content = idx(PIXELS)
    assert (read(gzip.compress(content[:50]) + gzip.compress(content[50:])) == PIXELS).all()


WHOLE = idx(PIXELS)
PACKED = gzip.compress(WHOLE)
REFUSED = {
    "empty": (b"", r"is no IDX file: it begins with the bytes \(none\)"),
    "short": (b"\0\0\x08", "is no IDX file: it begins with the bytes 00 00 08,"),
    "text": (
        b"a,b\n1,2\n",
        "is no IDX file: it begins with the bytes 61 2c 62 0a, and not with 00",
    ),
    "type": (b"\0\0\x0a\1\0\0\0\1x", "is no IDX file: it begins with the bytes 00 00 0a 01"),
    "no axes": (b"\0\0\x08\0x", "an array has 1 to 64 axes, and its header says 0"),
    "65 axes": (header("u1", [1] * 65) + b"x", "an array has 1 to 64 axes, and its header says 65"),
    "half a header": (WHOLE[:10], "is cut off within its header, which has 16 bytes"),
    "size 0": (header("u1", [0, 4]), "is empty: its header says 0x4 numbers"),
    "cut off": (
        WHOLE[:-1],
        ".* 12x4x3 numbers of uint8, .* have 160 bytes, and it has 159",
    ),
    "too long": (WHOLE + b"x", ".* should have 160 bytes, and it has 161"),
    "huge": (
        header("f8", [2**32 - 1] * 3) + b"x",
        ".* should have 633,825,.* and it has 17",
    ),
    "gzip: cut off": (PACKED[:-20], "is no whole gzip file: "),
    "gzip: no more than a beginning": (PACKED[:7], "is no whole gzip file: "),
    "gzip: changed": (PACKED[:-8] + b"\0" * 8, "is no whole gzip file: CRC check failed"),
    "gzip: array cut off": (
        gzip.compress(WHOLE[:-1]),
        "is cut off: after the header there should be",
    ),
    "gzip: too long": (gzip.compress(WHOLE + b"x"), "goes on after the 144 bytes that its header"),
    "gzip: huge": (gzip.compress(header("f8", [2**31] * 2)), ".* and it has at most "),
    "gzip: text": (gzip.compress(b"a,b\n"), "is no IDX file: it begins with the bytes 61 2c 62"),
    "gzip: empty": (gzip.compress(b""), r"is no IDX file: it begins with the bytes \(none\)"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_whole_idx_file_is_refused(read, content, message):
    with pytest.raises(DataError, match=rf"numbers\.idx:? {message}"):
        read(content)


def traced(call):
    tracemalloc.start()
    try:
        with pytest.raises(DataError):
            call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_sizes_that_the_file_cannot_hold_take_no_memory(read):
    lie = header("f8", [2**20, 2**10])
    assert traced(lambda: read(lie + b"x" * 100)) < 1e6
    assert traced(lambda: read(gzip.compress(lie + b"x" * 100))) < 1e6


def test_of_a_gzip_bomb_only_what_the_header_says_is_unpacked(read):
    bomb = gzip.compress(header("u1", [100]) + bytes(2 * 10**7))
    assert traced(lambda: read(bomb)) < 1e6


def test_whatever_a_file_holds_it_is_an_array_or_a_data_error(read):
    draw = random.Random(0)
    arrays = 0
    for case in range(600):
        content = bytearray(draw.choice([WHOLE, PACKED]))
        if case % 3 == 0:
            content = bytearray(draw.randbytes(draw.randrange(40)))
            content[:3] = draw.choice([bytes(content[:3]), b"\0\0\x08", b"\x1f\x8b\x08"])
        elif case % 3 == 1:
            del content[draw.randrange(len(content)) :]
        else:
            content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        try:
            read(bytes(content))
        except DataError:
            continue
        arrays += 1
    assert arrays > 20  # a pixel that changed is an array like any other


def test_what_is_no_file_is_refused_too(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_idx(tmp_path / "none.idx")
    with pytest.raises(OSError, match=r"irectory|denied"):
        read_idx(tmp_path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path, in_time):
    os.mkfifo(pipe := tmp_path / "pipe.idx")
    assert in_time(partial(read_idx, pipe)) == f"{pipe} is not a file that has a size"


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="this system has no such devices")
def test_a_device_without_a_size_is_refused():
    with pytest.raises(DataError, match="/dev/zero is not a file that has a size"):
        read_idx("/dev/zero")


LABELS = np.arange(12, dtype=np.uint8) % 10


@pytest.fixture
def mnist(tmp_path):
    """Writes MNIST's files, but for what is said otherwise, and reads them."""

    def mnist(dot="-", **others):
        contents = {
            "train_images": PIXELS,
            "train_labels": LABELS,
            "t10k_images": PIXELS[:5],
            "t10k_labels": LABELS[:5],
        } | others
        for name, array in contents.items():
            kind = "images-idx3" if name.endswith("images") else "labels-idx1"
            file = f"{name.partition('_')[0]}-{kind}-ubyte".replace("-idx", f"{dot}idx")
            if array is not None:
                zipped = name.startswith("train")
                path = tmp_path / (f"{file}.gz" if zipped else file)
                path.write_bytes(gzip.compress(idx(array)) if zipped else idx(array))
        return read_mnist(tmp_path)

    return mnist


@pytest.mark.parametrize("dot", ["-", "."])
def test_mnist_is_two_data_sets_of_pixels_from_0_to_1(mnist, dot):
    training, test = mnist(dot)
    assert (PIXELS.reshape(12, 12) / 255 == training.X).all()
    assert training.y.tolist() == LABELS.tolist()
    assert (len(test), test.classes, test.y.dtype) == (5, 10, np.int64)
    assert (training.X[:5] == test.X).all()


def test_mnist_is_trained_on(mnist):
    training, _ = mnist()
    model = MLP(12, [32, 10], seed=0)
    history = fit(model, training.X, training.y, epochs=60, progress=False, seed=0)
    assert history.accuracy[-1] == 1.0


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ({"t10k_labels": LABELS[:4]}, "t10k-images.* has 5 images, and .*labels.* has 4 labels"),
        (
            {"train_images": LABELS},
            "train-images.* should have bytes along 3 axes, and has uint8 al",
        ),
        ({"train_labels": PIXELS}, "train-labels.* should have bytes along 1 axes"),
        ({"train_images": PIXELS.astype("f4")}, "train-images.* should have bytes .* has float32"),
        ({"t10k_labels": LABELS[:5] + 8}, "t10k-labels.*: label 2 is 10, and the classes are from"),
    ],
)
def test_files_that_do_not_fit_each_other_are_refused(mnist, others, message):
    with pytest.raises(DataError, match=message):
        mnist(**others)


def test_a_file_of_mnist_that_is_not_there_is_named(mnist):
    with pytest.raises(
        FileNotFoundError, match="has neither t10k-labels-idx1-ubyte nor t10k-label"
    ):
        mnist(t10k_labels=None)
