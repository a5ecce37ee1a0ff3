import itertools
import os
import signal
import subprocess
import sys
import tomllib
from functools import partial
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from nn import optimizers
from nn.commands import learning, predictor
from nn.commands.main import main
from tests.backends import each_backend

ROOT = Path(__file__).parents[3]
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
    files = [
        "confusion.png",
        "model.safetensors",
        "neuron.svg",
        "steps.html",
        "training.png",
        extra,
    ]
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
    assert ">grad 1<" in drawn  # as in the player, they are those of the neuron and not of the loss


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


@each_backend
def test_networks_run_as_is_asked_for(tmp_path, monkeypatch, backend):
    asked = []

    def heard(real, *arguments, **settings):
        asked.append(settings["backend"])
        return real(*arguments, **settings)

    for name in ("fit", "cross_validate"):
        monkeypatch.setattr(learning, name, partial(heard, getattr(learning, name)))
    small = ["--dataset", "moons", "--hidden", "2"]
    assert run(tmp_path, *small, "--k-fold", "2", "--backend", backend) == 0
    assert asked == [backend] * 2
    assert run(tmp_path, *small) == 0
    assert asked[2:] == ["numpy"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "chainrule: error: the following arguments are required: COMMAND"),
        (["train", "--dataset", "iris"], "invalid choice: 'iris'"),
        (["train", "--hidden", "0"], "argument --hidden: '0' is not a whole number from 1 on"),
        (["train", "--epochs", "many"], "argument --epochs: 'many' is not a whole number"),
        (["train", "--seed", "-1"], "argument --seed: '-1' is not a whole number from 0 on"),
        (["train", "--learning-rate", "nan"], "--learning-rate: 'nan' is not a number above 0"),
        (["train", "--learning-rate", "fast"], "'fast' is not a number above 0"),
        (["train", "--activation", "rleu"], "invalid choice: 'rleu'"),
        (["train", "--backend", "torch"], "argument --backend: invalid choice: 'torch'"),
        (["train", "--output", ""], "argument --output: it names no folder"),
        (["train", "--output", __file__], f"--output: {__file__!r} is a file, and not a folder"),
        (["train", "a", "b"], "chainrule train: error: unrecognized arguments: b"),
        (["train", "--lr", "0.1"], "chainrule train: error: unrecognized arguments: --lr"),
    ],
)
def test_a_command_that_makes_no_sense_ends_with_2(capsys, arguments, message):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["a", "b"], ["--lr", "0.1"], ["--epochs", "0"]])
def test_wrong_arguments_of_a_command_show_its_usage(capsys, arguments):
    with pytest.raises(SystemExit):
        main(["train", *arguments])
    usage = capsys.readouterr().err
    assert usage.startswith("usage: chainrule train ")
    assert "--learning-rate RATE" in usage


def test_the_version_is_that_of_the_distribution(capsys, monkeypatch):
    asked = []
    monkeypatch.setattr("nn.commands.main.version", lambda name: asked.append(name) or "1.2.3")
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert (left.value.code, capsys.readouterr().out) == (0, "chainrule 1.2.3\n")
    assert asked == ["chainrule"]


def test_a_clone_that_is_not_installed_has_no_version(capsys, monkeypatch):
    def version(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr("nn.commands.main.version", version)
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == "chainrule (not installed)\n"


def test_a_folder_that_cannot_be_made_is_found_before_training(tmp_path, capsys):
    file = tmp_path / "file"
    file.write_text("here already")
    assert run(file / "out") == 2
    said = capsys.readouterr()
    assert (said.out, "epoch" in said.err) == ("", False)
    assert str(file) in said.err


def test_without_scikit_learn_the_message_names_the_extra(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    assert run(tmp_path, "--dataset", "digits") == 2
    assert "pip install 'chainrule[sklearn]'" in capsys.readouterr().err


def test_without_matplotlib_there_is_a_result_and_a_drawing(tmp_path):
    program = "import sys; sys.modules['matplotlib'] = None; from nn.commands.main import main; "
    command = ["train", "--dataset", "moons", *QUICK, "--output", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", f"{program}sys.exit(main({command}))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "test accuracy: " in done.stdout
    assert "pip install 'chainrule[plots]'" in done.stderr
    assert sorted(os.listdir(tmp_path)) == ["model.safetensors", "neuron.svg", "steps.html"]


def test_training_that_diverges_ends_with_1_and_draws_nothing(tmp_path, capsys):
    (tmp_path / "training.png").write_text("of yesterday")
    assert run(tmp_path, "--dataset", "moons", "--hidden", "4", "--learning-rate", "1e200") == 1
    said = capsys.readouterr()
    assert "test accuracy" not in said.out
    assert "chainrule train: the loss became " in said.err
    assert " in epoch 1, step 2. The last finite loss was " in said.err
    assert f"{tmp_path / 'training.png'} is of an earlier training" in said.err
    assert (tmp_path / "training.png").read_text() == "of yesterday"
    assert os.listdir(tmp_path) == ["training.png"]


def test_outputs_that_are_no_numbers_are_not_drawn(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(predictor, "predict", lambda model, X: np.full((len(X), 2), np.nan))
    assert run(tmp_path, "--dataset", "moons") == 1
    said = capsys.readouterr()
    assert "chainrule train: the network's outputs became infinite" in said.err
    assert "test accuracy" not in said.out
    assert os.listdir(tmp_path) == []


def test_pictures_of_an_earlier_training_are_named(tmp_path, capsys):
    (tmp_path / "misread.png").write_text("of yesterday")
    assert run(tmp_path, "--dataset", "moons", "--hidden", "4") == 0
    assert capsys.readouterr().err.endswith(
        f"{tmp_path / 'misread.png'} is of an earlier training\n"
    )


# Where Ctrl-C is pressed: in the first epoch, or in the third; and what can be drawn then.
INTERRUPTS = {
    "first epoch": (
        1,
        "interrupted after 0 of 5 epochs",
        ["boundary.png", "confusion.png", "neuron.svg", "steps.html"],
    ),
    "third epoch": (
        6,
        "interrupted after 2 of 5 epochs",
        [
            "boundary.png",
            "confusion.png",
            "model.safetensors",
            "neuron.svg",
            "steps.html",
            "training.png",
        ],
    ),
}


@pytest.mark.parametrize(("step", "message", "files"), INTERRUPTS.values(), ids=INTERRUPTS)
def test_an_interrupted_training_is_reported_and_drawn(
    tmp_path, capsys, monkeypatch, step, message, files
):
    pytest.importorskip("matplotlib")
    steps, real = itertools.count(1), optimizers.Adam.change

    def change(self, gradient):
        if next(steps) == step:
            raise KeyboardInterrupt
        return real(self, gradient)

    monkeypatch.setattr(optimizers.Adam, "change", change)
    command = ["train", "--dataset", "moons", "--epochs", "5", "--batch-size", "200"]
    assert main([*command, "--output", str(tmp_path)]) == 130
    said = capsys.readouterr()
    assert message in said.err
    assert "test accuracy: " in said.out
    assert sorted(os.listdir(tmp_path)) == files


def test_an_interrupt_before_or_after_the_training_ends_quietly(tmp_path, capsys, monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(predictor, "predict", interrupted)
    assert run(tmp_path, "--dataset", "moons") == 130
    assert capsys.readouterr().err.endswith("\ninterrupted\n")


# A program that was started in the background may have been told to ignore Ctrl-C.
LISTENING = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "


def test_an_interrupt_of_the_program_is_one_of_the_training(tmp_path):
    command = ["train", "--dataset", "moons", "--epochs", "1000000", "--output", str(tmp_path)]
    program = f"{LISTENING}from nn.commands.main import main; sys.exit(main({command}))"
    training = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with training:
        said = ""
        while "accuracy=" not in said:  # until the first epoch was measured
            more = training.stderr.read(10)
            assert more, said
            said += more
        training.send_signal(signal.SIGINT)
        report, said = training.stdout.read(), training.stderr.read()
    assert training.returncode == 130
    assert " of 1000000 epochs: this is what it has learned" in said
    assert "test accuracy: " in report
    assert f"{tmp_path / 'neuron.svg'}: " in report


def script(folder):
    """The script `chainrule` as pip writes it."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    module, function = scripts["chainrule"].split(":")
    path = folder / "chainrule"
    path.write_text(f"import sys\nfrom {module} import {function}\nsys.exit({function}())\n")
    return path


def test_the_script_does_not_mind_files_of_the_same_names(tmp_path):
    installed, work = tmp_path / "bin", tmp_path / "work"
    installed.mkdir()
    work.mkdir()
    for name in ("nn", "autograd", "viz", "numpy"):
        (work / f"{name}.py").write_text("raise SystemExit('a student wrote this')")
    done = subprocess.run(
        [sys.executable, script(installed), "train", "--dataset", "moons", "--epochs", "1"],
        cwd=work,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "test accuracy: " in done.stdout) == (0, True), done.stderr
    assert (work / "out" / "neuron.svg").exists()


def test_help_explains_every_option():
    done = subprocess.run(
        [sys.executable, "-m", "nn", "train", "--help"],
        env=os.environ | {"COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("usage: chainrule train ")
    for text in (
        "--dataset",
        "--hidden",
        "--backend",
        "--seed",
        "steps.html",
        "misread.png",
        "examples:",
        "exit status:",
    ):
        assert text in done.stdout


def test_a_data_set_that_is_taken_for_a_file_is_named(capsys):
    assert main(["train", "moons", "--target", "class"]) == 2
    said = capsys.readouterr().err
    assert "there is no file 'moons': for the data that come along, say --dataset moons" in said
