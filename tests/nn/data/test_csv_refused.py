"""What a table cannot be made of is refused, with file, row and column, and with the way out."""

import contextlib
import os
import random
from encodings.aliases import aliases
from functools import partial
from threading import Thread

import numpy as np
import pytest

from nn import DataError, read_csv
from nn.data.readers import fields, rows

REFUSED = {
    "missing": ("a,b\n1,2\n3,\n", "row 3, column 'b': a value is missing: fill it in, or leave"),
    "blank": ("a,b\n1,2\n3,  \n", "row 3, column 'b': a value is missing: fill it in"),
    "missing in a first row of numbers": (
        "NA,1\n5,2\n",
        r"row 1, column 'column 1': a value is missing \(NA\)",
    ),
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
    "U+2212": (
        "a,b\n1,\u22125\n",
        "row 2, column 'b': '\u22125' looks like a number: write",
    ),
    "parentheses": ("a,b\n1,(5)\n", r"row 2, column 'b': '\(5\)' looks like a number"),
    "fraction": ("a,b\n1,1/2\n", "row 2, column 'b': '1/2' looks like a number"),
    "minus at the end": ("a,b\n1,5-\n", "row 2, column 'b': '5-' looks like a number"),
    "power": ("a,b\n1,2\u00d710^3\n", "row 2, column 'b': .* looks like a number"),
    "currency": ("a,b\n1,$12.50\n", r"row 2, column 'b': '\$12.50' looks like a number"),
    "too few": ("a,b\n1,2\n3\n", "row 3: it has 1 fields, and row 1 has 2: all rows must have equ"),
    "too many": ("a,b\n1,2\n3,4,5\n", "row 3: it has 3 fields, and row 1 has 2: all rows must"),
    "after a line break": ('a,b\n"1\n",x\n\n3\n', "row 5: it has 1 fields"),
    "open quote": ('a,b\n1,2\n3,"4\n5,6\n', "row 3: unexpected end of data; look at the quot"),
    "text after quote": ('a,b\n1,"2"3\n', "row 2: ',' expected after '\"'; look at the quotation"),
    "decimal commas": (
        "1,5;2,5\n3,5;4,5\n",
        "what stands between fields cannot be told, .* ',' into 3 and ';' into 2: say which, as "
        "delimiter=';', or put fields",
    ),
    "decimal commas below names with commas": (
        "len,cm;wid,cm\n1,5;2,5\n",
        "what stands between fields cannot be told, .* ',' into 3 and ';' into 2",
    ),
    "quoted decimal commas": (
        'a;b\n"1,5";"2,5"\n',
        "row 2, column 'a': '1,5' looks like a number",
    ),
    "quoted decimal commas without names": (
        '"1,5";"2,5"\n"3,5";"4,5"\n',
        "row 1: '1,5' is a name, or a number in another notation: if it is a name, say header=True",
    ),
    "another minus in a first row": (
        "\u22121,5\n2,6\n",
        "row 1: '\u22121' is a name, or a number in another notation",
    ),
    "blank line in one column": (
        "x\n1\n\n2\n",
        "row 3: in a table of one column a blank line is a missing value: fill it in, or leave",
    ),
    "blank line at the end of one column": ("x\n1\n\n", "row 3: in a table of one column"),
    "blank line before one column": ("\n\nx\n1\n", "row 1: in a table of one column"),
    "a category's name": (
        "a,a=x\ny,1\nx,2\n",
        "two columns of X would have the name 'a=x', that of a category among them: rename",
    ),
    "two categories of the same name": ("a,a=b\nb=c,c\n", "two columns .* name 'a=b=c'"),
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
    "not UTF-8, ends of lines of a Mac": (
        b"a,b\r1,2\r\xe9,3\r",
        "row 3: the byte 0xe9 is not utf-8: this is in ano",
    ),
    "not UTF-8, ends of lines of Windows": (b"a,b\r\n1,2\r\n3,\xc3\r\n", "row 3: the byte 0xc3"),
    "not UTF-8, in a text of two lines": (b'a,b\n"1\r",2\n\n3,\xe4\n', "row 5: the byte 0xe4"),
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
    with pytest.raises(DataError, match=f"table.csv[,:]? {message}"):
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
        ({"columns": {}}, TypeError, "columns must be those of another table, table.columns or"),
        ({"header": 0}, ValueError, "header must be True, False or None, not 0"),
        ({"target": "a", "omit": "a"}, ValueError, "the target cannot be left out"),
        ({"delimiter": "::"}, ValueError, "delimiter must be one character, .* not '::'"),
        ({"delimiter": '"'}, ValueError, "none that quotes or ends lines, not '\"'"),
        ({"delimiter": "\n"}, ValueError, "none that quotes or ends lines, not"),
        ({"delimiter": ""}, ValueError, "delimiter must be one character, .* not ''"),
        ({"missing": [-999]}, TypeError, r"missing=\['-999'\] .* not \[-999\]"),
        ({"missing": -999}, TypeError, r"missing is a list .*=\['-999'\] .* not -999"),
        ({"missing": None}, TypeError, r"missing is a list of .* \(or \[\] for none .* not None"),
        ({"omit": None}, TypeError, r"omit is a list of names or places of columns, .* not None"),
        ({"categories": None}, TypeError, "categories is a list of names or places .* not None"),
        ({"omit": 0.5}, TypeError, r"omit is a list of names or places of columns, .* not 0.5"),
        ({"omit": [0.5]}, TypeError, "omit is the name or the place of a column, not 0.5"),
        ({"encoding": None}, TypeError, "encoding is the name of one, such as 'utf-8', not None"),
        ({"sep": ";"}, TypeError, r"read_csv\(\) takes no sep=: say delimiter="),
        ({"na_values": ["NA"]}, TypeError, r"read_csv\(\) takes no na_values=: say missing="),
        ({"usecols": ["a"]}, TypeError, r"takes no usecols=: say omit=, the columns to leave out"),
        *(
            ({"encoding": name}, ValueError, f"encoding must be one of texts .* not '{name}'")
            for name in ("utf-99", "undefined", "rot13", "hex", "")
        ),
    ],
)
def test_options_that_make_no_sense_are_refused(read, options, error, message):
    with pytest.raises(error, match=message):
        read("a,b\n1,2\n", **options)


def test_options_are_looked_at_before_a_file_is(tmp_path):
    for option in ("missing", "omit", "categories", "encoding"):
        with pytest.raises(TypeError, match=option):
            read_csv(tmp_path / "none.csv", **{option: None})


@pytest.mark.parametrize("encoding", sorted(set(aliases.values())))
@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"a,b\n1,\xe4\xff\n"])
def test_with_any_encoding_it_is_a_table_or_a_value_error(read, content, encoding):
    with contextlib.suppress(ValueError):
        assert len(read(content, encoding=encoding)) == 1


def test_what_was_read_of_a_pipe_is_not_looked_for_again(tmp_path, in_time):
    os.mkfifo(pipe := tmp_path / "pipe.csv")
    for content, outcome in [
        (b"a,b\n1,2\n", "1 rows of 2 numbers"),
        (b"a,b\n1,\xff\n", "pipe.csv: the byte 0xff is not utf-8"),
        (b"a,b\n1,\0\n", "row 2: there is a NUL: this is a binary file"),
    ]:
        Thread(target=pipe.write_bytes, args=(content,), daemon=True).start()
        assert outcome in in_time(partial(read_csv, pipe))


def test_a_column_of_a_thousand_texts_is_no_category_but_may_be_the_target(read):
    text = "x,name\n" + "".join(f"{i},n{i}\n" for i in range(fields.MOST_CATEGORIES + 1))
    with pytest.raises(DataError, match=r"row 1002, column 'name': .* omit=\['name'\]"):
        read(text)
    assert len(read(text, target="name").classes) == 1001


def test_what_does_not_fit_into_memory_is_said(read, monkeypatch):
    def zeros(shape):
        raise MemoryError

    monkeypatch.setattr(np, "zeros", zeros)
    with pytest.raises(DataError, match=r"table.csv: there is no memory for 2 rows of 3 numbers"):
        read("a,b\n1,x\n2,y\n")


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
