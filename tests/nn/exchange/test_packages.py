"""Who has a package not installed is told how to install it, and only when it is needed."""

import subprocess
import sys

import pytest

from nn import MLP, load, save, to_onnx, to_torch

NEEDING = [
    ("safetensors", "safetensors", save, "nn.save"),
    ("safetensors", "safetensors", load, "nn.load"),
    ("onnx", "onnx", to_onnx, "nn.to_onnx"),
    ("torch", "torch", to_torch, "nn.to_torch"),
]


@pytest.mark.parametrize(("package", "extra", "function", "name"), NEEDING)
def test_a_missing_package_is_named_with_the_command(
    package, extra, function, name, monkeypatch, tmp_path
):
    for module in [*sys.modules, package]:
        if module.partition(".")[0] == package:
            monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / "model"
    path.write_text("old")
    arguments = {load: [path], to_torch: [MLP(2, [1])]}.get(function, [MLP(2, [1]), path])
    with pytest.raises(ModuleNotFoundError) as caught:
        function(*arguments)
    assert str(caught.value) == (
        f"{name} needs {package}, which is not installed: pip install 'chainrule[{extra}]'"
    )
    assert path.read_text() == "old"


def test_networks_load_none_of_them():
    program = "import sys, nn; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    packages = {module.partition(".")[0] for module in loaded.stdout.split()}
    assert "nn" in packages
    assert not {"torch", "onnx", "safetensors", "onnxruntime"} & packages
