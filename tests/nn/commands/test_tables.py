"""A person's own table: trained on, predicted, evaluated, and trained further."""

import csv
import os
import re
import sys

import numpy as np
import pytest

import nn
from nn.commands.main import main
from nn.commands.recipe import OPTIMIZERS, SCHEDULES, Recipe
from tests.nn.commands.conftest import QUICK


def test_a_table_is_learned_reported_saved_and_drawn(chainrule, flowers, tmp_path):
    out = tmp_path / "out"
    status, said, _ = chainrule("train", flowers, "--target", "species", *QUICK, "--output", out)
    assert status == 0
    assert "flowers: 72 rows of 4 numbers to learn species from, of 3 classes, and 18" in said
    assert "test accuracy: 100.0% (18 of 18)" in said
    assert "precision  recall  examples      setosa  versicolor  virginica" in said
    assert "setosa         100.0%  100.0%         6           6           0          0" in said
    files = ["confusion.png", "model.safetensors", "neuron.svg", "training.png"]
    assert sorted(os.listdir(out)) == files
    for name in files:
        assert f"{out / name}: " in said


def test_numbers_are_predicted_in_their_own_units(chainrule, houses, tmp_path):
    out = tmp_path / "out"
    status, said, _ = chainrule("train", houses, "--target", "price", *QUICK, "--output", out)
    assert status == 0
    assert "test error of price, 16 examples:" in said
    assert sorted(os.listdir(out)) == [
        "model.safetensors", "neuron.svg", "predictions.png", "training.png"
    ]  # fmt: skip
    new = tmp_path / "new.csv"
    new.write_text("size\n100\n150\n")
    _, predicted, _ = chainrule("predict", out / "model.safetensors", new)
    header, *rows = predicted.split()
    assert header == "price"
    assert [float(row) for row in rows] == pytest.approx([350.0, 525.0], rel=0.1)


def test_few_whole_numbers_are_classes_unless_told_otherwise(chainrule, tmp_path):
    path = tmp_path / "dice.csv"
    path.write_text("x,n\n" + "".join(f"{i % 7},{i % 2}\n" for i in range(40)))
    command = ["train", path, "--target", "n", "--epochs", "1", "--output", tmp_path / "out"]
    assert "to learn n from, of 2 classes" in chainrule(*command)[1]
    assert "test error of n" in chainrule(*command, "--kind", "number")[1]


@pytest.mark.parametrize("order", [["petal", "sepal", "colour"], ["colour", "sepal", "petal"]])
def test_predictions_are_of_the_columns_by_name(chainrule, trained, flowers, tmp_path, order):
    rows = list(csv.DictReader(flowers.read_text().splitlines()))
    new = tmp_path / "new.csv"
    with new.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*order, "note"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**row, "note": "x"} for row in rows)
    status, said, _ = chainrule("predict", trained / "model.safetensors", new)
    assert status == 0
    predicted = list(csv.DictReader(said.splitlines()))
    assert [*predicted[0]] == [
        "species", "probability of setosa", "probability of versicolor", "probability of virginica"
    ]  # fmt: skip
    assert len(predicted) == len(rows)
    right = [a["species"] == b["species"] for a, b in zip(predicted, rows, strict=True)]
    assert np.mean(right) > 0.95
    for row in predicted:
        species, *shares = row.values()
        assert sum(map(float, shares)) == pytest.approx(1.0, abs=1e-5)
        assert row[f"probability of {species}"] == max(shares, key=float)


@pytest.mark.parametrize("species", ["", "tulip"])
def test_what_stands_where_the_target_was_does_not_matter(chainrule, trained, tmp_path, species):
    new = tmp_path / "new.csv"
    new.write_text(f"petal,sepal,colour,species\n1,1,red,{species}\n")
    status, said, _ = chainrule("predict", trained / "model.safetensors", new)
    assert (status, said.splitlines()[1].partition(",")[0]) == (0, "versicolor")


def test_a_table_without_a_header_is_learned_and_predicted(chainrule, tmp_path):
    rows = [f"{i % 5},{i % 5 > 2:d}\n" for i in range(40)]
    path, new, out = tmp_path / "numbers.csv", tmp_path / "new.csv", tmp_path / "out"
    path.write_text("".join(rows))
    status, _, said = chainrule("train", path, "--target", "column 2", *QUICK, "--output", out)
    assert status == 0, said
    new.write_text("0\n4\n")
    predicted = chainrule("predict", out / "model.safetensors", new)[1].splitlines()
    assert [row.partition(",")[0] for row in predicted] == ["column 2", "0", "1"]


def test_predictions_are_those_of_the_library(chainrule, trained, flowers):
    model, _, _, notes = nn.load(trained / "model.safetensors")
    columns, scaler = nn.Columns.from_dict(notes["columns"]), notes["scaler"]
    X = nn.StandardScaler.from_dict(scaler).transform(nn.read_csv(flowers, columns=columns).X)
    classes = [columns.classes[i] for i in nn.predict(model, X).argmax(axis=1)]
    _, said, _ = chainrule("predict", trained / "model.safetensors", flowers)
    assert [row.partition(",")[0] for row in said.splitlines()[1:]] == classes


def test_predictions_go_to_a_file_whole_or_not_at_all(chainrule, trained, flowers, tmp_path):
    model, new = trained / "model.safetensors", tmp_path / "predicted.csv"
    status, said, noted = chainrule("predict", model, flowers, "--output", new)
    assert (status, said) == (0, "")
    assert "90 predictions" in noted
    assert new.read_text() == chainrule("predict", model, flowers)[1]


def test_other_data_are_evaluated(chainrule, trained, flowers):
    status, said, _ = chainrule("evaluate", trained / "model.safetensors", flowers)
    assert status == 0
    assert said.startswith("flowers.csv accuracy: ")
    assert " of 90)" in said.splitlines()[0]


def test_a_training_goes_on_to_the_same_bits(chainrule, flowers, tmp_path):
    train = ["train", flowers, "--target", "species", "--dropout", "0.2", "--optimizer", "momentum"]
    for folder, epochs in (("whole", 6), ("half", 3)):
        chainrule(*train, "--epochs", epochs, "--output", tmp_path / folder)
    model = tmp_path / "half" / "model.safetensors"
    resumed = ["train", flowers, "--resume", model, "--epochs", "6", "--output"]
    status, _, _ = chainrule(*resumed, tmp_path / "resumed")
    assert status == 0
    whole, half = (
        nn.load(tmp_path / folder / "model.safetensors") for folder in ("whole", "resumed")
    )
    assert len(half.history) == 6
    assert whole.history == half.history
    for name, numbers in whole.model.state_dict().items():
        assert np.array_equal(numbers, half.model.state_dict()[name]), name


def test_what_comes_along_is_trained_further_without_being_named(chainrule, tmp_path):
    train = ["train", "--dataset", "moons", "--hidden", "2", "--output", tmp_path]
    chainrule(*train, "--epochs", "1")
    resumed = ["train", "--resume", tmp_path / "model.safetensors", "--epochs", "2"]
    status, said, _ = chainrule(*resumed, "--output", tmp_path)
    assert status == 0
    assert "moons: 400 rows of 2 numbers to learn class from" in said


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_optimizer_takes_every_schedule(name, schedule):
    recipe = Recipe(optimizer=name, schedule=schedule, epochs=2, batch_size=4)
    optimizer = recipe.new_optimizer([nn.Parameter(1.0)], examples=10)
    rates = []
    for _ in range(6):
        rates.append(optimizer.rate)
        optimizer.vector.parameters[0].grad = 1.0
        optimizer.step()
    assert max(rates) == pytest.approx(0.01, rel=0.3)
    assert (min(rates) == max(rates)) == (schedule == "constant")


def test_folds_are_scored_before_the_training(chainrule, flowers, tmp_path):
    train = ["train", flowers, "--target", "species", *QUICK, "--output", tmp_path / "out"]
    status, said, _ = chainrule(*train, "--k-fold", "3")
    assert status == 0
    assert said.index("fold") < said.index("test accuracy: ")


OPTIONS = [
    ["--optimizer", "nesterov", "--schedule", "inverse-time", "--scaling", "0-1"],
    ["--optimizer", "adamw", "--schedule", "warm-up", "--activation", "tanh"],
    ["--schedule", "step", "--l1", "0.001", "--l2", "0.01", "--dropout", "0.1"],
]


@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
def test_every_option_trains_and_is_kept(chainrule, flowers, tmp_path, options):
    train = ["train", flowers, "--target", "species", "--hidden", "4", "--epochs", "2"]
    status, _, said = chainrule(*train, *options, "--output", tmp_path)
    assert status == 0, said
    recipe = nn.load(tmp_path / "model.safetensors").notes["recipe"]
    for flag, setting in zip(options[::2], options[1::2], strict=True):
        assert str(recipe[flag.strip("-")]) == setting


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
    "one of a class": ("petal,species\n1,a\n2,a\n3,b\n", "class"),
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
    status, _, error = chainrule("predict", tmp_path / "none", flowers)
    assert (status, "there is no file" in error) == (2, True)


def test_what_began_is_not_changed_on_its_way(chainrule, trained, flowers):
    model = trained / "model.safetensors"
    for options, flag in ((["--hidden", "3"], "--hidden"), (["--target", "petal"], "--target")):
        status, _, error = chainrule("train", flowers, "--resume", model, *options)
        assert (status, f"{flag} cannot be said" in error) == (2, True)
    status, _, error = chainrule("train", flowers, "--resume", model, "--output", trained)
    assert (status, "30 epochs already" in error) == (2, True)
    status, _, error = chainrule("train", "--resume", model, "--epochs", "40")
    assert (status, "'flowers': name its file" in error) == (2, True)


def test_without_safetensors_it_is_said_before_anything_is_learned(
    chainrule, flowers, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    train = ["train", flowers, "--target", "species", *QUICK, "--output", tmp_path / "out"]
    status, _, error = chainrule(*train)
    assert status == 0
    assert "pip install 'chainrule[safetensors]'" in error.partition("epoch")[0]
    assert not (tmp_path / "out" / "model.safetensors").exists()


@pytest.mark.parametrize("command", ["train", "predict", "evaluate"])
def test_every_command_has_help(capsys, command):
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert "examples:" in (said := capsys.readouterr().out) or "example:" in said
