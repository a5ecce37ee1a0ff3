import numpy as np
import pytest

from nn.commands.main import main

QUICK = ["--epochs", "30", "--hidden", "8", "--batch-size", "16"]


@pytest.fixture
def flowers(tmp_path):
    """A table whose classes follow from two numbers and a category."""
    path = tmp_path / "flowers.csv"
    write_flowers(path)
    return path


def write_flowers(path):
    random = np.random.default_rng(0)
    lines = ["petal,sepal,colour,species"]
    for i in range(90):
        species = ["setosa", "versicolor", "virginica"][i % 3]
        petal, sepal = random.normal([i % 3, 1.0], 0.2)
        colour = "red" if i % 3 else "blue"
        lines.append(f"{petal:.3f},{sepal:.3f},{colour},{species}")
    path.write_text("\n".join(lines) + "\n")


@pytest.fixture
def houses(tmp_path):
    """A table whose target is a number."""
    random = np.random.default_rng(0)
    sizes = random.uniform(50.0, 200.0, 80)
    lines = ["size,price", *(f"{s:.2f},{3.5 * s + random.normal(0, 5):.2f}" for s in sizes)]
    path = tmp_path / "houses.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def chainrule(capsys, tmp_path):
    """The command line: its exit status, and what it said on both streams."""

    def run(*arguments):
        words = [str(word) for word in arguments]
        try:
            status = main(words)
        except SystemExit as left:
            status = left.code
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """The folder of a training on the flowers."""
    folder = tmp_path_factory.mktemp("trained")
    table = folder / "flowers.csv"
    write_flowers(table)
    command = ["train", table, "--target", "species", *QUICK, "--output", folder / "out"]
    assert main([str(word) for word in command]) == 0
    return folder / "out"
