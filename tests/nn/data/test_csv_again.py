"""Other files are read as the first table was, and what that is goes through JSON."""

import json

import pytest

from nn import Columns, DataError

FIRST = "length,color,species\n1.4,red,setosa\n4.7,blue,versicolor\n6.0,red,virginica\n"


@pytest.fixture
def columns(read):
    """Those of the first table, after they were written down and read back."""
    columns = read(FIRST, target="species").columns
    again = Columns.from_dict(json.loads(json.dumps(columns.to_dict())))
    assert again == columns
    return again


def test_the_same_columns_are_found_in_any_order_among_others(read, columns):
    table = read("id,species,color,length\na,virginica,blue,2\n", columns=columns)
    assert table.names == ["length", "color=blue", "color=red"]
    assert (table.X.tolist(), table.y.tolist()) == ([[2.0, 1.0, 0.0]], [2])
    assert table.columns == columns


def test_the_target_need_not_be_there(read, columns):
    table = read("color;length\nred;2\n", columns=columns)
    assert (table.X.tolist(), table.y) == ([[2.0, 0.0, 1.0]], None)
    assert table.classes == ("setosa", "versicolor", "virginica")


def test_a_target_that_is_not_known_yet_can_be_left_out(read, columns):
    text = "length,color,species\n1,red,\n"
    assert read(text, columns=columns, omit="species").y is None
    with pytest.raises(DataError, match="row 2, column 'species': a value is missing"):
        read(text, columns=columns)


def test_categories_that_do_not_occur_keep_their_columns(read, columns):
    table = read("length,color\n1,red\n2,red\n", columns=columns)
    assert table.X.tolist() == [[1.0, 0.0, 1.0], [2.0, 0.0, 1.0]]


@pytest.mark.parametrize("target", [0, 1, 2])
@pytest.mark.parametrize("there", [True, False])
def test_without_a_header_columns_are_known_by_their_places(read, target, there):
    known = ["x,1,2\n", "1,x,2\n", "1,2,x\n"][target]
    columns = read(known, target=target).columns
    new = ["5", "6"]
    if there:
        new.insert(target, "x")
    table = read(",".join(new) + "\n", columns=columns)
    assert table.X.tolist() == [[5.0, 6.0]]
    assert (table.y is not None) == there


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("length,color\n1,green\n", "row 2, column 'color': 'green' is not one of the 2 known: 'b"),
        (
            "length,color\n1,red\nx,red\n",
            "row 3, column 'length': 'x' is not a number, .*: correct",
        ),
        ("length,color\n1,red\n,red\n", "row 3, column 'length': a value is missing: fill it in"),
        ("length,color\n1,NA\n", r"row 2, column 'color': a value is missing \(NA\)"),
        ("length,colour\n1,red\n", "row 1: there is no column 'color', only 'length', 'colour'"),
        ("1,red\n", "row 1: there is no column 'length', only '1', 'red'"),
        ("length,color,color\n1,red,red\n", "row 1: 2 columns have the name 'color'"),
        ("length,color,species\n1,red,rose\n", "row 2, column 'species': 'rose' is not one of th"),
        ("length,color\n", "has a header, in row 1, and no row below it"),
    ],
)
def test_rows_of_another_kind_are_refused(read, columns, content, message):
    with pytest.raises(DataError, match=f"table.csv,? {message}"):
        read(content, columns=columns)


def test_without_a_header_another_number_of_columns_is_refused(read):
    columns = read("1,2,x\n", target=2).columns
    for text, count in (("1\n", 1), ("1,2,x,3\n", 4)):
        with pytest.raises(
            DataError, match=f"row 1: it has {count} fields, and the table .* had 3"
        ):
            read(text, columns=columns)


def test_what_the_columns_say_is_not_said_twice(read, columns):
    with pytest.raises(ValueError, match="columns= says what is target, header and category"):
        read(FIRST, columns=columns, target="species")


STATE = {
    "inputs": [{"name": "a", "categories": None}, {"name": "b", "categories": ["x", "y"]}],
    "target": {"name": "c", "categories": ["9", "10"]},
    "header": True,
    "width": 3,
    "missing": ["", "na"],
}


def test_a_description_in_json_is_read():
    columns = Columns.from_dict(STATE)
    assert (columns.names, columns.classes) == (["a", "b=x", "b=y"], ("9", "10"))
    assert Columns.from_dict(STATE | {"target": None}).classes == ()


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (None, "a description of columns must be an object with inputs, target, header, width"),
        ({}, "a description of columns must be an object with"),
        (STATE | {"more": 1}, "a description of columns must be an object with"),
        (STATE | {"inputs": []}, "inputs must be a list of columns"),
        (STATE | {"inputs": "ab"}, "inputs must be a list of columns"),
        (STATE | {"inputs": [{}]}, "a column of inputs must be an object with name, categories"),
        (STATE | {"inputs": [{"name": 1, "categories": None}]}, "a name in inputs must be a text"),
        (STATE | {"target": "c"}, "a column of target must be an object"),
        (
            STATE | {"target": {"name": "a", "categories": None}},
            "inputs must be columns of differe",
        ),
        (STATE | {"target": {"name": "c", "categories": []}}, "categories of 'c' must be sorted"),
        (
            STATE | {"target": {"name": "c", "categories": ["b", "a"]}},
            "categories of 'c' must be so",
        ),
        (
            STATE | {"target": {"name": "c", "categories": ["a", "a"]}},
            "categories of 'c' must be so",
        ),
        (STATE | {"target": {"name": "c", "categories": [1]}}, "'c' must be a list of texts"),
        (STATE | {"header": 1}, "header must be true or false, not 1"),
        (STATE | {"width": "3"}, "width must be a whole number, not '3'"),
        (STATE | {"missing": "na"}, "missing must be a list of texts, not 'na'"),
    ],
)
def test_what_is_no_description_of_columns_is_refused(state, message):
    with pytest.raises(DataError, match=message):
        Columns.from_dict(state)
