"""A compiled function: the scalars of one example beside the matrices they became.

The program is drawn as its source reads, from top to bottom, with a box for each instruction and
its lines; the backward pass follows. What flows from one to the next are edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from autograd.compiler.function import Compiled
from autograd.compiler.instructions import Program
from autograd.compiler.lowering import lowered, read_by
from viz.graphs.picture import Box, Edge, Line, Picture
from viz.graphs.scalars import Group, grouped
from viz.graphs.selection import TooManyNodesError

MAX_LINES = 120  # of a program, that can be read in one picture
WIDTH = 60  # characters of a line

WRITTEN, RUN, BACK = "one example, as it is written", "a batch, as it runs", "and its gradients"


def compose_program(compiled: Compiled) -> Picture:
    """The program of the latest call on batches, beside the scalars that it was made of.

    >>> from autograd import Value, compiled
    >>> w = Value(2.0, label="w")
    >>> f = compiled(lambda x: (w * x).tanh())
    >>> _ = f([1.0, 2.0, 3.0])
    >>> picture = compose_program(f)
    >>> [box.lines[0].text for box in picture.boxes if box.group == 0]
    ['x', 'multiply', 'tanh']
    >>> [box.lines[0].text for box in picture.boxes if box.group == 1][-1]
    'tanh(multiply_1, out=result)  # (1, batch)'

    Raises:
        CompilationError: it has not been compiled yet, runs eagerly, or was last called with plain
            numbers.
        TooManyNodesError: the program has too many lines to be read in one picture.
    """
    composer = _Composer(compiled)
    composer.add_scalars()
    composer.add_forward()
    if composer.is_short:
        composer.add_backward()
    return composer.picture


class _Composer:
    def __init__(self, compiled: Compiled) -> None:
        self.name = compiled.name
        self.program: Program = compiled.program
        low = lowered(self.program)
        _, forward, backward = compiled.source.strip().split("\n\n\n")
        self.forward = _by_maker(forward, low.makers[: len(low.forward)])
        self.backward = _by_maker(backward, low.makers[len(low.forward) :])
        self._refuse_long(len(low.forward))
        self.is_short = len(low.makers) <= MAX_LINES
        self.groups = grouped(compiled.graph, self.program.makers, self._arrivals())
        self.picture = Picture(groups=[WRITTEN, RUN], downwards=True)
        self.reads = self._data_flow()
        if not self.is_short:
            count = len(low.makers) - len(low.forward)
            self.picture.caption = (
                f"the {count:,} lines of the backward pass are left out: "
                f"print({self.name}.source) shows them"
            )

    def _refuse_long(self, lines: int) -> None:
        if lines > MAX_LINES:
            raise TooManyNodesError(
                f"the program of {self.name}() has {lines:,} lines forward, too many to read in "
                f"one picture (at most {MAX_LINES}): print({self.name}.source) shows them all, or "
                "draw a compiled function of a part, such as one layer"
            )

    def _arrivals(self) -> list[int]:
        """For each argument the number of the first instruction that reads it."""
        program = self.program
        first = dict.fromkeys(program.indices(), -1)
        for number, node in enumerate(program.instructions):
            read = [rows.argument for rows in read_by(node)]
            for argument in (*read, getattr(node, "argument", None)):
                if argument is not None:
                    first.setdefault(argument, number)
        return [first.get(i, len(program.instructions)) for i in range(len(program.arguments))]

    def _data_flow(self) -> list[list[int]]:
        """For each instruction those whose results it reads."""
        writers = {("indices", row): -1 for row in range(self.program.sizes["indices"])}
        reads = []
        for number, node in enumerate(self.program.instructions):
            rows = [rows for rows in read_by(node) if rows.argument is None]
            read = {(x.storage, place) for x in rows for place in x.places} & writers.keys()
            reads.append(sorted({writers[row] for row in read} - {number}))
            writers |= {(node.out.storage, place): number for place in node.out.places}
        return reads

    # ------------------------------------------------------------------------------- boxes

    def add_scalars(self) -> None:
        for group in self.groups:
            box = Box("input" if group.is_argument else "operation", group=0)
            box.lines = _told(group)
            box.edges = [Edge(source) for source in group.reads]
            self.picture.boxes.append(box)

    def add_forward(self) -> None:
        boxes = self.picture.boxes
        self.places: dict[int, int] = {}
        for number, lines in self.forward.items():
            box = Box("statement", lines=_written(lines), group=1)
            # The first, so that the layout has the scalars on the left.
            box.edges = [Edge(i, role="becomes") for i in self._scalars_of(number)]
            if self.places:
                box.edges.append(Edge(len(boxes) - 1, role="order"))
            sources = self.reads[number] if number >= 0 else []
            box.edges += [Edge(self.places[k]) for k in sources if k in self.places]
            self.places[number] = len(boxes)
            boxes.append(box)

    def _scalars_of(self, number: int) -> list[int]:
        """The groups that an instruction was made of."""
        return [i for i, group in enumerate(self.groups) if number in group.makers]

    def add_backward(self) -> None:
        if not self.backward:
            return
        boxes = self.picture.boxes
        self.picture.groups.append(BACK)
        homes: dict[int, int] = {}
        users: dict[int, list[int]] = {}
        for number, sources in enumerate(self.reads):
            for source in sources:
                users.setdefault(source, []).append(number)
        for number, lines in self.backward.items():
            box = Box("statement", lines=_written(lines), group=2)
            previous = len(boxes) - 1
            box.edges.append(Edge(previous, role="order" if homes else ""))
            box.edges += [Edge(homes[k]) for k in users.get(number, []) if k in homes]
            homes[number] = len(boxes)
            boxes.append(box)


def _by_maker(source: str, makers: Sequence[int]) -> dict[int, list[str]]:
    """The lines of a function by the instruction that they belong to."""
    found: dict[int, list[str]] = {}
    for line, maker in zip(source.splitlines()[1:], makers, strict=False):
        found.setdefault(maker, []).append(line.strip())
    return found


def _written(lines: Sequence[str]) -> list[Line]:
    """Each statement, and under it its shapes."""
    written = []
    for line in lines:
        code, _, comment = line.partition("  # ")
        together = f"{code}  # {comment}"
        parts = [together] if len(together) <= WIDTH else [*_wrapped(code), f"    # {comment}"]
        written += [Line("code", part) for part in parts]
    return written


def _wrapped(code: str) -> list[str]:
    return wrap(code, WIDTH, subsequent_indent=" " * 8, break_on_hyphens=False)


def _told(group: Group) -> list[Line]:
    times = f"\N{MULTIPLICATION SIGN} {group.times:,}" if group.times > 1 else ""
    notes = [Line("note", text) for text in (group.formula, times) if text]
    return [Line("name", group.title), *notes]
