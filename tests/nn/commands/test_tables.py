"""A person's own table: trained on, predicted, evaluated, and trained further."""

import csv
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import nn
from nn.commands.main import main
from nn.commands.recipe import OPTIMIZERS, SCHEDULES, Recipe
from tests.nn.commands.conftest import QUICK

ROOT = Path(nn.__file__).parents[1]


def test_a_table_is_learned_reported_saved_and_drawn(chainrule, flowers, tmp_path):
    out = tmp_path / "out"
    status, said, _ = chainrule("train", flowers, "--target", "species", *QUICK, "--output", out)
    assert status == 0
    assert "flowers: 72 rows of 4 numbers to learn species from, of 3 classes, and 18" in said
    assert "test accuracy: 100.0% (18 of 18)" in said
    assert "precision  recall  examples      setosa  versicolor  virginica" in said
    assert "setosa         100.0%  100.0%         6           6           0          0" in said
    files = ["confusion.png", "model.safetensors", "neuron.svg", "steps.html", "training.png"]
    assert sorted(os.listdir(out)) == files
    for name in files:
        assert f"{out / name}: " in said


def test_numbers_are_predicted_in_their_own_units(chainrule, houses, tmp_path):
    out = tmp_path / "out"
    status, said, _ = chainrule("train", houses, "--target", "price", *QUICK, "--output", out)
    assert status == 0
    assert "test error of price, 16 examples:" in said
    assert sorted(os.listdir(out)) == [
        "model.safetensors", "neuron.svg", "predictions.png", "steps.html", "training.png"
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


def test_of_many_classes_of_two_rows_one_of_each_is_tested_on(chainrule, tmp_path):
    table = tmp_path / "pairs.csv"
    table.write_text("x,c\n" + "".join(f"{i},{c}\n{i + 1},{c}\n" for i, c in enumerate("abcdefg")))
    status, said, _ = chainrule("train", table, "--target", "c", "--epochs", 1, "--out", tmp_path)
    assert status == 0
    assert "7 rows of 1 number to learn c from, of 7 classes, and 7 to test on" in said


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


@pytest.mark.parametrize("command", ["train", "predict", "evaluate"])
def test_every_command_has_help(capsys, command):
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert "examples:" in (said := capsys.readouterr().out) or "example:" in said


def test_a_table_that_is_called_like_a_data_set_is_none(chainrule, tmp_path):
    path, out = tmp_path / "moons.csv", tmp_path / "out"
    path.write_text("u,k\n" + "".join(f"{i},{'hi' if i % 2 else 'lo'}\n" for i in range(20)))
    chainrule("train", path, "--target", "k", "--epochs", "1", "--output", out)
    resumed = ["train", "--resume", out / "model.safetensors", "--epochs", "2", "--output", out]
    status, _, error = chainrule(*resumed)
    assert (status, "a table of your own: name its file" in error) == (2, True)
    assert chainrule(*resumed, "--resume", out / "model.safetensors", path)[0] == 0


def test_numbers_that_are_classes_are_the_same_however_they_are_written(chainrule, tmp_path):
    path, out = tmp_path / "n.csv", tmp_path / "out"
    path.write_text(
        "x,n\n" + "".join(f"{i % 2},{['0', '1', '-0', '1.0'][i % 4]}\n" for i in range(40))
    )
    status, said, _ = chainrule("train", path, "--target", "n", *QUICK, "--output", out)
    assert (status, "of 2 classes" in said) == (0, True)
    path.write_text("x,n\n1,1e0\n0,0.00\n")
    assert "100.0% (2 of 2)" in chainrule("evaluate", out / "model.safetensors", path)[1]
    path.write_text("x,n\n1,3\n")
    status, _, error = chainrule("evaluate", out / "model.safetensors", path)
    assert (status, "has 3 in column 'n', which is none of the classes 0, 1" in error) == (2, True)


def test_a_pipe_is_read_once(chainrule, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    text = "x,n\n" + "".join(f"{i % 2},{i % 2}\n" for i in range(20))
    writer = threading.Thread(target=pipe.write_text, args=(text,))
    writer.start()
    status, _, error = chainrule(
        "train", pipe, "--target", "n", "--epochs", "1", "--output", tmp_path
    )
    writer.join()
    assert status == 0, error


def test_a_table_is_read_as_one_says(chainrule, tmp_path):
    path, out = tmp_path / "table.csv", tmp_path / "out"
    rows = "".join(f"{i}|7|{'ja' if i % 2 else 'ä'}|{i % 5}\n" for i in range(20))
    path.write_bytes(f"id|seven|answer|five\n{rows}".encode("latin-1"))
    reading = ["--encoding", "latin-1", "--delimiter", "|"]
    train = ["train", path, "--target", "answer", "--omit", "id", "--categories", "five"]
    status, said, error = chainrule(*train, *reading, "--epochs", "1", "--output", out)
    assert (status, "16 rows of 6 numbers" in said) == (0, True), error
    model = out / "model.safetensors"
    assert chainrule("predict", model, path, *reading)[0] == 0
    assert chainrule("evaluate", model, path, *reading)[0] == 0


def test_names_that_the_screen_has_no_letters_for_are_written_somehow(flowers, tmp_path):
    text = flowers.read_text().replace("setosa", "цветок")
    flowers.write_text(text, encoding="utf-8")
    command = ["train", str(flowers), "--target", "species", *QUICK, "--output", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "nn", *command],
        env=os.environ | {"PYTHONIOENCODING": "cp1252"}, cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "model.safetensors").exists()


def test_who_has_seen_enough_loses_nothing(flowers, tmp_path):
    command = ["train", str(flowers), "--target", "species", *QUICK, "--output", str(tmp_path)]
    program = f"{sys.executable} -u -m nn {' '.join(command)} 2>{tmp_path}/said | head -2"
    subprocess.run(program, shell=True, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    assert (tmp_path / "model.safetensors").exists()
    assert "Traceback" not in (tmp_path / "said").read_text()


def test_nothing_untrained_takes_the_place_of_a_model(chainrule, flowers, tmp_path, monkeypatch):
    train = ["train", flowers, "--target", "species", *QUICK, "--output", tmp_path]
    chainrule(*train)
    before = (tmp_path / "model.safetensors").read_bytes()

    def interrupted(self, gradient):
        raise KeyboardInterrupt

    monkeypatch.setattr(nn.Adam, "change", interrupted)
    status, _, error = chainrule(*train)
    assert (status, "model.safetensors is of an earlier training" in error) == (130, True)
    assert (tmp_path / "model.safetensors").read_bytes() == before
