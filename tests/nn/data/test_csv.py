"""Tables in CSV files: what is read as what."""

import random
import tracemalloc

import numpy as np
import pytest

from nn import MLP, DataError, fit, split

FLOWERS = "length,color,species\n1.4,red,setosa\n4.7,blue,versicolor\n6.0,red,virginica\n"


def test_numbers_categories_and_classes_become_arrays(read):
    table = read(FLOWERS, target="species")
    assert table.names == ["length", "color=blue", "color=red"]
    assert table.X.tolist() == [[1.4, 0.0, 1.0], [4.7, 1.0, 0.0], [6.0, 0.0, 1.0]]
    assert table.classes == ("setosa", "versicolor", "virginica")
    assert (table.y.tolist(), table.y.dtype) == ([0, 1, 2], np.int64)
    assert repr(table) == "<table: 3 rows of 3 numbers, target 'species' of 3 classes>"


@pytest.mark.parametrize("target", ["length", 0, -3, np.int64(0), np.str_("length")])
def test_a_target_of_numbers_is_one_to_predict(read, target):
    table = read(FLOWERS, target=target)
    assert (table.y.tolist(), table.y.dtype, table.classes) == ([1.4, 4.7, 6.0], np.float64, ())
    assert repr(table) == "<table: 3 rows of 5 numbers, target 'length' of numbers>"


def test_without_a_target_all_columns_are_inputs(read):
    table = read("a,b\n1,2\n")
    assert (table.X.tolist(), table.y, table.classes) == ([[1.0, 2.0]], None, ())


def test_a_table_is_trained_on(read):
    rng = random.Random(1)
    points = [(rng.uniform(-1, 1), rng.choice(["up", "down"])) for _ in range(100)]
    text = "x,way,side\n" + "".join(f"{x},{w},{'ab'[(x > 0) ^ (w == 'up')]}\n" for x, w in points)
    training, test = split(read(text, target="side").dataset(), stratify=True)
    model = MLP(3, [8, 2], seed=0)
    history = fit(
        model,
        training.X,
        training.y,
        validation=(test.X, test.y),
        epochs=30,
        progress=False,
        seed=0,
    )
    assert history.validation_accuracy[-1] > 0.9


@pytest.mark.parametrize(
    ("text", "header", "names", "count"),
    [
        ("a,b\n1,2\n", None, ["a", "b"], 1),
        ("1,2\n3,4\n", None, ["column 1", "column 2"], 2),
        ("5.1,setosa\n4.9,virginica\n", None, ["column 1", "column 2=setosa"], 2),
        ("year,1990,1991\n7,3,4\n", None, ["year", "1990"], 1),
        ("NA.,1\n1,2\n3,4\n", None, ["NA.", "1"], 2),
        ("1990,1991\n3,4\n", True, ["1990", "1991"], 1),
        ("red,big\nblue,small\n", None, ["red=blue", "big=small"], 1),
        ("red,big\nblue,small\n", False, ["column 1=blue", "column 1=red"], 2),
        (" a ,b\n1,2\n", None, ["a", "b"], 1),
    ],
)
def test_a_header_has_no_number_or_a_text_above_one(read, text, header, names, count):
    table = read(text, header=header)
    assert table.names[:2] == names
    assert len(table) == count


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_what_parts_the_rows_equally(read, delimiter):
    assert read(f"a{delimiter}b\n1{delimiter}2\n").X.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("salary, yearly;age\n1;2\n3;4\n", ["salary, yearly", "age"]),
        ('"a;b";"c;d;e"\n1;2\n', ["a;b", "c;d;e"]),
        ("name\nanne\nelse\n", ["name=anne", "name=else"]),
        ("x\n1\n2\n", ["x"]),
        ("a,b\n1,2|3\n4,5|6\n", ["a", "b=2|3", "b=5|6"]),
        ('"1,x";"2,y"\n3;4\n', ["1,x", "2,y"]),
        ('a, "b;c"\n1, "2;3"\n', ["a", "b;c=2;3"]),
    ],
)
def test_other_signs_in_texts_are_not_taken_for_the_delimiter(read, text, names):
    assert read(text).names == names


def test_the_delimiter_can_be_said(read):
    assert read("1,x;2,y\n3,x;4,y\n", delimiter=";", header=False).names[0] == "column 1=1,x"
    assert read("a b\n1 2\n", delimiter=" ").X.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("größe,b\n1,2\n".encode(), {}),
        ("größe,b\n1,2\n".encode("utf-8-sig"), {}),
        ("größe,b\n1,2\n".encode("utf-8-sig"), {"encoding": "UTF8"}),
        ("größe,b\n1,2\n".encode("latin-1"), {"encoding": "latin-1"}),
        ("größe,b\n1,2\n".encode("utf-16"), {"encoding": "utf-16"}),
        ("größe,b\r\n1,2\r\n".encode(), {}),
        ("größe,b\r1,2\r".encode(), {}),
        ("\n\ngröße,b\n\n\n1,2".encode(), {}),
        ('"größe" ,"b"\n"1","2"\n'.encode().replace(b'" ', b'"'), {}),
        ("größe, b\n 1 ,\t2 \n".encode(), {}),
    ],
)
def test_encodings_line_ends_blank_lines_quotes_and_spaces_change_nothing(read, content, options):
    table = read(content, **options)
    assert table.names == ["größe", "b"]
    assert table.X.tolist() == [[1.0, 2.0]]


def test_quoted_fields_hold_delimiters_quotes_and_line_breaks(read):
    table = read('a,b\n1,"x, ""y""\nz"\n2,w\n')
    assert table.names == ["a", "b=w", 'b=x, "y"\nz']


@pytest.mark.parametrize(
    "text", ["1", "-1.5", "+2", "1e3", "1E-3", ".5", "5.", "007", " 1 ", "1e-999"]
)
def test_numbers_are_read_as_python_reads_them(read, text):
    assert read(f"a,b\n{text},1\n").X[0, 0] == float(text)


def test_all_numbers_of_a_large_table_are_read(read):
    X = np.random.default_rng(0).normal(size=(5000, 3))
    names = [f"n{i % 7}" for i in range(5000)]
    lines = [",".join([*map(repr, row), name]) for row, name in zip(X.tolist(), names, strict=True)]
    table = read("a,b,c,name\n" + "\n".join(lines))
    assert (table.X[:, :3] == X).all()
    assert (table.X[:, 3:].argmax(axis=1) == np.arange(5000) % 7).all()
    assert (table.X[:, 3:].sum(axis=1) == 1).all()


def test_memory_is_that_of_the_numbers_a_few_times(read):
    text = "a,b,c\n" + "1.25,2.5,3.75\n" * 20_000
    tracemalloc.start()
    try:
        table = read(text)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2.5 * table.X.nbytes + 2 * len(text) + 1e6


def test_classes_that_are_numbers_are_sorted_as_numbers(read):
    table = read("x,y\n1,10\n2,9\n3,10\n", target="y", categories="y")
    assert (table.classes, table.y.tolist()) == (("9", "10"), [1, 0, 1])


def test_columns_are_categories_or_left_out_where_it_is_said(read):
    table = read("id,zip,x\n7,1,2\n8,a,3\n", categories=["zip"], omit=0)
    assert table.names == ["zip=1", "zip=a", "x"]
    assert read("id,x\n7,2\n", omit=["id"]).names == ["x"]
    assert read(",x\n7,2\n", omit=0).names == ["x"]
    assert read("a,b,c\n1,2,3\n", omit=np.array([0, 2])).names == ["b"]
    assert read("a,b,c\n1,2,3\n", omit=np.int64(1)).names == ["a", "c"]


def test_what_stands_for_missing_can_be_said(read):
    assert read("a,country\n1,NA\n", missing=[]).names == ["a", "country=NA"]
    with pytest.raises(DataError, match=r"row 3, column 'a': a value is missing \(-9\)"):
        read("a,b\n1,1\n-9,1\n", missing="-9")


def test_only_classes_make_a_data_set(read):
    assert repr(read(FLOWERS, target=2).dataset()) == (
        "<table: 3 examples of 3 numbers, 3 classes>"
    )
    for target, why in ((0, "holds numbers"), (None, "is not there")):
        with pytest.raises(ValueError, match=f"the target of 'table' {why}: read_csv"):
            read(FLOWERS, target=target).dataset()
