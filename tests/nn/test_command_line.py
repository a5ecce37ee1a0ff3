import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from nn.__main__ import main

QUICK = ["--epochs", "1", "--batch-size", "200"]


def run(folder, *arguments):
    return main(["train", *arguments, *QUICK, "--output", str(folder)])


@pytest.mark.parametrize(
    ("dataset", "extra", "needs"),
    [("moons", "boundary.png", "numpy"), ("digits", "misread.png", "sklearn")],
)
def test_training_says_its_accuracy_and_lists_the_pictures(tmp_path, capsys, dataset, extra, needs):
    pytest.importorskip(needs)
    pytest.importorskip("matplotlib")
    folder = tmp_path / "new" / "out"
    assert run(folder, "--dataset", dataset, "--hidden", "4") == 0
    said = capsys.readouterr().out
    files = ["neuron.svg", "training.png", extra]
    assert sorted(path.name for path in folder.iterdir()) == sorted(files)
    assert "test accuracy: " in said
    for file in files:
        assert f"{folder / file}: " in said
        assert (folder / file).stat().st_size > 1000
    ElementTree.parse(folder / "neuron.svg")
    assert (folder / "training.png").read_bytes().startswith(b"\x89PNG")


def test_the_drawn_neuron_shows_inputs_weights_and_gradients(tmp_path):
    assert run(tmp_path, "--dataset", "spiral", "--hidden", "4", "--activation", "tanh") == 0
    drawn = (tmp_path / "neuron.svg").read_text()
    for text in ("x0", "x1", ".weights.0<", ".weights.1<", ".bias<", "tanh"):
        assert text in drawn
    assert "grad —" not in drawn


def test_of_many_inputs_the_strongest_are_drawn_and_the_others_as_one(tmp_path):
    pytest.importorskip("sklearn")
    assert run(tmp_path, "--hidden", "2") == 0
    assert "the other 61 products" in (tmp_path / "neuron.svg").read_text()


@pytest.mark.parametrize("hidden", [[], ["3"], ["3", "2"]])
def test_hidden_layers_are_as_many_as_are_named(tmp_path, capsys, hidden):
    assert run(tmp_path, "--dataset", "moons", "--hidden", *hidden) == 0
    assert f"MLP({' -> '.join(['2', *hidden, '2'])}, " in capsys.readouterr().out


def test_the_same_seed_gives_the_same_result(tmp_path, capsys):
    for folder, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert run(tmp_path / folder, "--dataset", "moons", "--hidden", "2", "--seed", seed) == 0
    first, again, other = ((tmp_path / folder / "neuron.svg").read_bytes() for folder in "abc")
    assert first == again != other


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: train"),
        (["train", "--dataset", "iris"], "invalid choice: 'iris'"),
        (["train", "--hidden", "0"], "argument --hidden: '0' is not a whole number from 1 on"),
        (["train", "--epochs", "many"], "argument --epochs: 'many' is not a whole number"),
        (["train", "--seed", "-1"], "argument --seed: '-1' is not a whole number from 0 on"),
        (["train", "--learning-rate", "nan"], "--learning-rate: 'nan' is not a number above 0"),
        (["train", "--learning-rate", "fast"], "'fast' is not a number above 0"),
        (["train", "--activation", "rleu"], "invalid choice: 'rleu'"),
    ],
)
def test_a_command_that_makes_no_sense_ends_with_2(capsys, arguments, message):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert message in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_found_before_training(tmp_path, capsys):
    file = tmp_path / "file"
    file.write_text("here already")
    assert run(file) == 2
    said = capsys.readouterr()
    assert (said.out, "epoch" in said.err) == ("", False)
    assert str(file) in said.err


def test_without_scikit_learn_the_message_names_the_extra(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    assert run(tmp_path, "--dataset", "digits") == 2
    assert "pip install 'chainrule[sklearn]'" in capsys.readouterr().err


def test_without_matplotlib_there_is_a_result_and_a_drawing(tmp_path):
    program = "import sys; sys.modules['matplotlib'] = None; from nn.__main__ import main; "
    command = ["train", "--dataset", "moons", *QUICK, "--output", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", f"{program}sys.exit(main({command}))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "test accuracy: " in done.stdout
    assert "pip install 'chainrule[plots]'" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["neuron.svg"]


def test_an_interrupt_ends_quietly(tmp_path, capsys, monkeypatch):
    def interrupted(recipe):
        raise KeyboardInterrupt

    monkeypatch.setattr("nn.__main__.run", interrupted)
    assert run(tmp_path) == 130
    assert "interrupted" in capsys.readouterr().err


def test_help_explains_every_option():
    done = subprocess.run(
        [sys.executable, "-m", "nn", "train", "--help"],
        env=os.environ | {"COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=True,
    )
    for text in ("--dataset", "--hidden", "--seed", "misread.png", "examples:"):
        assert text in done.stdout
