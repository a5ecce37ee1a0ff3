"""What makes no sense, or cannot be read or written: a clear line, exit 2, nothing half-written."""

import os
import re
import sys

import pytest

import nn
from tests.nn.commands.conftest import QUICK

WRONG = {
    "no target": ([], "which column of .*flowers.csv is to be predicted"),
    "another target": (["--target", "specie"], "no column 'specie'.* 'species'"),
    "two things": (["--target", "species", "--dataset", "moons"], "two things to learn from"),
    "text as numbers": (["--target", "species", "--kind", "number"], "holds texts"),
    "one neuron less": (["--target", "species", "--hidden", "0"], "'0' is not a whole number"),
    "share": (["--target", "species", "--dropout", "1"], "'1' is not a number from 0 to below 1"),
    "strength": (["--target", "species", "--l2", "-1"], "'-1' is not a number from 0 on"),
    "folds": (["--target", "species", "--k-fold", "1"], "'1' is not a whole number from 2 on"),
    "too many folds": (["--target", "species", "--k-fold", "31"], "31"),
}


@pytest.mark.parametrize(("options", "message"), WRONG.values(), ids=WRONG)
def test_what_makes_no_sense_ends_with_2_and_leaves_nothing(
    chainrule, flowers, tmp_path, options, message
):
    status, said, error = chainrule("train", flowers, *options, "--output", tmp_path / "out")
    assert (status, said) == (2, "")
    assert re.search(message, error), error
    out = tmp_path / "out"
    assert not out.exists() or os.listdir(out) == []


BAD = {
    "missing value": ("petal,species\n1,a\n,b\n", "row 3, column 'petal'"),
    "text among numbers": ("petal,species\n1,a\nhigh,b\n", "row 3, column 'petal'"),
    "ragged": ("petal,species\n1,a\n2\n", "row 3: it has 1 fields, and row 1 has 2"),
    "empty": ("", "is empty"),
    "header only": ("petal,species\n", "no row below it"),
    "one class": ("petal,species\n1,a\n2,a\n", "nothing but 'a'"),
    "one of a class": ("petal,species\n1,a\n2,a\n3,b\n", "'b' stands in 1 of the rows"),
    "only the target": ("species\na\nb\n", "no column to learn from"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_bad_table_ends_with_2_and_one_line(chainrule, tmp_path, text, message):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    out = tmp_path / "out"
    status, said, error = chainrule("train", path, "--target", "species", "--output", out)
    assert (status, said) == (2, "")
    assert message in error
    assert error.count("\n") == 1
    assert error.startswith("chainrule train: ")


def test_new_rows_must_be_as_those_that_were_learned_from(chainrule, trained, tmp_path):
    model, new = trained / "model.safetensors", tmp_path / "new.csv"
    for text, message in (
        ("petal,colour\n1,red\n", "no column 'sepal'"),
        ("petal,sepal,colour\n1,1,green\n", "row 2, column 'colour'"),
        ("petal,sepal,colour\n1,,red\n", "row 2, column 'sepal'"),
    ):
        new.write_text(text)
        kept = tmp_path / "kept.csv"
        kept.write_text("of yesterday")
        status, said, error = chainrule("predict", model, new, "--output", kept)
        assert (status, said, error.count("\n")) == (2, "", 1)
        assert message in error
        assert kept.read_text() == "of yesterday"
    new.write_text("petal,sepal,colour\n1,1,red\n")
    status, _, error = chainrule("evaluate", model, new)
    assert (status, "no column 'species' to compare with" in error) == (2, True)


def test_a_file_that_is_no_model_ends_with_2(chainrule, flowers, tmp_path):
    other = tmp_path / "other.safetensors"
    nn.save(nn.MLP(2, [1]), other)
    for path, message in ((flowers, "flowers.csv"), (other, "`chainrule train` wrote")):
        for command in (["predict", path, flowers], ["train", flowers, "--resume", path]):
            status, said, error = chainrule(*command)
            assert (status, said, error.count("\n")) == (2, "", 1)
            assert message in error
    for command in (["predict", tmp_path / "none", flowers], ["train", tmp_path / "none"]):
        status, _, error = chainrule(*command)
        assert (status, "there is no file" in error) == (2, True)


def test_what_began_is_not_changed_on_its_way(chainrule, trained, flowers):
    model = trained / "model.safetensors"
    for options in (["--hidden", "3"], ["--target", "petal"], ["--backend", "eager"]):
        status, _, error = chainrule("train", flowers, "--resume", model, *options)
        assert (status, f"{options[0]} cannot be said" in error) == (2, True)
    status, _, error = chainrule("train", flowers, "--resume", model, "--output", trained)
    assert (status, "30 epochs already" in error) == (2, True)
    status, _, error = chainrule("train", "--resume", model, "--epochs", "40")
    assert (status, "a table of your own: name its file" in error) == (2, True)


def test_without_safetensors_it_is_said_before_anything_is_learned(
    chainrule, flowers, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    train = ["train", flowers, "--target", "species", *QUICK, "--output", tmp_path / "out"]
    status, _, error = chainrule(*train)
    assert status == 0
    assert "pip install 'chainrule[safetensors]'" in error.partition("epoch")[0]
    assert not (tmp_path / "out" / "model.safetensors").exists()


DIFFERENT = "".join(f"n{i},{'xy'[i % 2]}\n" for i in range(20))
WAYS_OUT = {
    "decimal comma": ("a;k\n0,5;x\n1,5;y\n", [], "--categories 'a'"),
    "missing": ("a,k\nNA,x\n1,y\n", [], "--missing"),
    "twice": ("a,a,k\n1,2,x\n2,3,y\n", [], "--no-header"),
    "different": (f"id,k\n{DIFFERENT}", [], "--omit 'id'"),
}


@pytest.mark.parametrize(("text", "options", "way_out"), WAYS_OUT.values(), ids=WAYS_OUT)
def test_ways_out_are_options_of_the_command(chainrule, tmp_path, text, options, way_out):
    path = tmp_path / "table.csv"
    path.write_text(text)
    status, _, error = chainrule("train", path, "--target", "k", "--output", tmp_path / "out")
    assert status == 2
    assert way_out in error
    assert "=" not in error
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_written_is_found_before_the_training(chainrule, flowers, tmp_path):
    train = ["train", flowers, "--target", "species", "--output"]
    (tmp_path / "model.safetensors").mkdir()
    status, said, error = chainrule(*train, tmp_path)
    assert (status, said) == (2, "")
    assert "is a folder, and is to be a file" in error


def test_numbers_that_are_too_far_away_are_named(chainrule, tmp_path):
    path, out = tmp_path / "tiny.csv", tmp_path / "out"
    path.write_text("u,k\n" + "".join(f"{i}e-150,{'xy'[i % 2]}\n" for i in range(20)))
    chainrule("train", path, "--target", "k", "--epochs", "1", "--output", out)
    path.write_text("u\n1e200\n")
    status, said, error = chainrule("predict", out / "model.safetensors", path)
    assert (status, said, "'u'" in error) == (2, "", True)
    path.write_text("u,k\n" + "".join(f"{i},{'-' * (i % 2)}1e308\n" for i in range(20)))
    for more in ([], ["--k-fold", "3"]):
        status, _, error = chainrule(
            "train", path, "--target", "k", "--kind", "number", *more, "--output", out
        )
        assert (status, "'k' cannot be scaled" in error) == (2, True)


def test_other_rows_are_not_trained_on_where_some_were_to_test_on(chainrule, trained, flowers):
    header, *rows = flowers.read_text().splitlines()
    for others in (rows[::-1], rows[:-1]):
        flowers.write_text("\n".join([header, *others]))
        resumed = ["train", flowers, "--resume", trained / "model.safetensors", "--epochs", "40"]
        status, said, error = chainrule(*resumed, "--output", flowers.parent / "out")
        assert (status, said) == (2, "")
        assert "other rows than it has learned from, or in another order" in error


@pytest.mark.parametrize("read", [0, 1])
def test_predictions_do_not_take_the_place_of_what_is_read(chainrule, trained, flowers, read):
    files = [trained / "model.safetensors", flowers]
    before = [file.read_bytes() for file in files]
    status, _, error = chainrule("predict", *files, "--output", files[read])
    assert (status, "is what is read: name another file" in error) == (2, True)
    assert [file.read_bytes() for file in files] == before
