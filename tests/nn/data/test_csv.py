"""Tables in CSV files: what is read as what, and what is refused, with file, row and column."""

import random
import tracemalloc

import numpy as np
import pytest

from nn import DataError, fit, read_csv, split
from nn.data.readers import fields, rows
from nn.neuron import MLP


@pytest.fixture
def read(tmp_path):
    """Reads a table from what a file would hold."""

    def read(content, **options):
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_csv(path, **options)

    return read


FLOWERS = "length,color,species\n1.4,red,setosa\n4.7,blue,versicolor\n6.0,red,virginica\n"


def test_numbers_categories_and_classes_become_arrays(read):
    table = read(FLOWERS, target="species")
    assert table.names == ["length", "color=blue", "color=red"]
    assert table.X.tolist() == [[1.4, 0.0, 1.0], [4.7, 1.0, 0.0], [6.0, 0.0, 1.0]]
    assert table.classes == ("setosa", "versicolor", "virginica")
    assert (table.y.tolist(), table.y.dtype) == ([0, 1, 2], np.int64)
    assert repr(table) == "<table: 3 rows of 3 numbers, target 'species' of 3 classes>"


@pytest.mark.parametrize("target", ["length", 0, -3])
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
        ("1990,1991\n3,4\n", True, ["1990", "1991"], 1),
        ("red,big\nblue,small\n", None, ["red=blue", "big=small"], 1),
        ("red,big\nblue,small\n", False, ["column 1=blue", "column 1=red"], 2),
        (" a ,b\n1,2\n", None, ["a", "b"], 1),
    ],
)
def test_the_first_row_is_a_header_unless_there_is_a_number_in_it(read, text, header, names, count):
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
    ],
)
def test_other_signs_in_texts_are_not_taken_for_the_delimiter(read, text, names):
    assert read(text).names == names


def test_the_delimiter_can_be_said(read):
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


def test_what_stands_for_missing_can_be_said(read):
    assert read("a,country\n1,NA\n", missing=[]).names == ["a", "country=NA"]
    with pytest.raises(DataError, match=r"row 2, column 'a': a value is missing \(-9\)"):
        read("a,b\n-9,1\n", missing="-9")


def test_only_classes_make_a_data_set(read):
    assert repr(read(FLOWERS, target=2).dataset()) == (
        "<table: 3 examples of 3 numbers, 3 classes>"
    )
    for target, why in ((0, "holds numbers"), (None, "is not there")):
        with pytest.raises(ValueError, match=f"the target of 'table' {why}: read_csv"):
            read(FLOWERS, target=target).dataset()


REFUSED = {
    "missing": ("a,b\n1,2\n3,\n", "row 3, column 'b': a value is missing: fill it in, or leave"),
    "blank": ("a,b\n1,2\n3,  \n", "row 3, column 'b': a value is missing: fill it in"),
    "first missing": ("a,b\n1,\n3,4\n", "row 2, column 'b': a value is missing: fill it in"),
    "missing text": ("a,b\n1,x\n3,\n", "row 3, column 'b': a value is missing: fill it in"),
    "NA": ("a,b\n1,2\n3,NA\n", r"row 3, column 'b': a value is missing \(NA\): fill it in"),
    "?": ("a,b\n1,x\n3,?\n", r"row 3, column 'b': a value is missing \(\?\): fill it in"),
    "NaN": ("a,b\n1,2\n3,NaN\n", r"row 3, column 'b': a value is missing \(NaN\)"),
    "missing class": ("a,b\n1,x\n3,\n", "row 3, column 'b': a value is missing"),
    "infinite": ("a,b\n1,2\n3,-inf\n", "row 3, column 'b': '-inf' is not finite in float64"),
    "too large": ("a,b\n1,2\n3,1e999\n", "row 3, column 'b': '1e999' is not finite in float64"),
    "text among numbers": (
        "a,b\n" + "1,2\n" * 1500 + "1,x\n" + "1,2\n" * 9,
        "row 1502, column 'b': 'x' is not a number, and the column holds numbers from row 2 on: "
        r"correct it, or say categories=\['b'\] if it is a name",
    ),
    "number among texts": (
        "a,b\n1,x\n1,2\n",
        "row 3, column 'b': '2' looks like a number, and the column holds texts from row 2 on",
    ),
    "thousands": ('a,b\n1,"1,234"\n', "row 2, column 'b': '1,234' looks like a number: write num"),
    "thousands later": ('a,b\n1,9\n1,"1,234"\n', "row 3, column 'b': '1,234' is not a number"),
    "decimal comma": ("a;b\n1;2,5\n", "row 2, column 'b': '2,5' .*: write numbers as 1234.5"),
    "hexadecimal": ("a,b\n1,0x1F\n", "row 2, column 'b': '0x1F' looks like a number"),
    "underscore": ("a,b\n1,2\n1,1_000\n", "row 3, column 'b': '1_000' is not a number"),
    "percent": ("a,b\n1,12 %\n", "row 2, column 'b': '12 %' looks like a number"),
    "currency": ("a,b\n1,$12.50\n", r"row 2, column 'b': '\$12.50' looks like a number"),
    "too few": ("a,b\n1,2\n3\n", "row 3: it has 1 fields, and row 1 has 2: all rows must have equ"),
    "too many": ("a,b\n1,2\n3,4,5\n", "row 3: it has 3 fields, and row 1 has 2: all rows must"),
    "after a line break": ('a,b\n"1\n",x\n\n3\n', "row 5: it has 1 fields"),
    "open quote": ('a,b\n1,2\n3,"4\n5,6\n', "row 3: unexpected end of data; look at the quot"),
    "text after quote": ('a,b\n1,"2"3\n', "row 2: ',' expected after '\"'; look at the quotation"),
    "huge field": ("a,b\n1," + "x" * 200_000, r"row 2: field larger than field limit \(131072\)"),
    "empty": ("", "is empty: there is no row in it"),
    "blank lines": ("\n\r\n\n", "is empty: there is no row in it"),
    "only a header": ("\na,b\n", "has a header, in row 2, and no row below it"),
    "same names": ("a,b,a\n1,2,3\n", "row 1: 2 columns have the name 'a': rename or omit all but"),
    "no name": (
        "a,,b\n1,2,3\n",
        r"row 1: a column has no name: name it, or leave it out",
    ),
    "not UTF-8": (
        b"a,b\n1,2\n3,\xe4\n",
        "row 3: the byte 0xe4 is not utf-8: this is in ano",
    ),
    "UTF-16": ("a,b\n1,2\n".encode("utf-16"), "row 1: .* is in UTF-16: save it as UTF-8, or say"),
    "UTF-16 unmarked": ("a,b\n".encode("utf-16-le"), "row 1: there is a NUL: this is a binary"),
    "Excel": (
        b"PK\x03\x04\xff\xfe,",
        "row 1: .* this is a spreadsheet or a zip archive: exp",
    ),
    "gzip": (b"\x1f\x8b\x08\x00\x01,", "row 1: .* this is compressed with gzip: unpack it first"),
    "NUL": (b"a,b\n1,\0\n", "row 2: there is a NUL: this is a binary file, or in UTF-16"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_said_with_file_row_and_column(read, content, message):
    with pytest.raises(DataError, match=f"table.csv,? {message}"):
        read(content)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "c"}, "there is no column 'c', as target has it, only 'a', 'b'"),
        ({"target": 2}, "there is no column 2, as target has it, only 'a', 'b'"),
        ({"omit": ["c"]}, "there is no column 'c', as omit has it, only 'a', 'b'"),
        ({"categories": [-3]}, "there is no column -3, as categories has it, only 'a', 'b'"),
        ({"target": "a", "omit": "b"}, "row 1: there is no column to learn from, but the target"),
        ({"omit": [0, 1]}, "row 1: there is no column to learn from"),
    ],
)
def test_columns_that_are_not_there_are_refused(read, options, message):
    with pytest.raises(DataError, match=f"table.csv[:,] {message}"):
        read("a,b\n1,2\n", **options)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"target": 1.5}, TypeError, "target is the name or the place of a column, not 1.5"),
        ({"target": True}, TypeError, "target is the name or the place of a column, not True"),
        ({"header": 0}, ValueError, "header must be True, False or None, not 0"),
        ({"target": "a", "omit": "a"}, ValueError, "the target cannot be left out"),
        ({"delimiter": "::"}, ValueError, "delimiter must be one character, not '::'"),
        (
            {"encoding": "utf-99"},
            ValueError,
            "encoding must be one that Python knows",
        ),
    ],
)
def test_options_that_make_no_sense_are_refused(read, options, error, message):
    with pytest.raises(error, match=message):
        read("a,b\n1,2\n", **options)


def test_a_column_of_a_thousand_texts_is_no_category_but_may_be_the_target(read):
    text = "x,name\n" + "".join(f"{i},n{i}\n" for i in range(fields.MOST_CATEGORIES + 1))
    with pytest.raises(DataError, match=r"row 1002, column 'name': .* omit=\['name'\]"):
        read(text)
    assert len(read(text, target="name").classes) == 1001


def test_a_file_without_line_breaks_is_not_held_in_memory(read, monkeypatch):
    monkeypatch.setattr(rows, "LONGEST_LINE", 1000)
    with pytest.raises(DataError, match=r"row 2: there is 1,000 characters without a line break"):
        read("a,b\n" + "1," * 1000)


def test_what_the_system_says_of_a_path_is_left_to_it(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(OSError, match=r"irectory|denied"):
        read_csv(tmp_path)


def test_whatever_a_file_holds_it_is_a_table_or_a_data_error(read):
    draw = random.Random(0)
    strange = [*b'1a,;|\n\r"\t \0\xff_-.', *draw.randbytes(5)]
    tables = 0
    for _ in range(400):
        content = bytearray(b'length,color\n1.4,red\n"4.7",blue\n-1e3,red\n')
        for _ in range(draw.randrange(4)):
            place = draw.randrange(len(content))
            content[place : place + draw.randrange(3)] = [draw.choice(strange)]
        try:
            table = read(bytes(content))
        except DataError:
            continue
        tables += 1
        assert np.isfinite(table.X).all()
        assert table.X.shape == (len(table), len(table.names))
    assert 40 < tables < 360
