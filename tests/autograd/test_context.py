import asyncio
import itertools
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from autograd import AnomalyError, Value, context, detect_anomaly, gradient, no_grad, scope


def records() -> bool:
    return (Value(2.0) * 3.0).kind == "operation"


@pytest.fixture(autouse=True)
def _nothing_is_left_open():
    yield
    assert records()
    assert not context.special


# --------------------------------------------------------------------------------- no_grad


def test_results_without_grad_are_constants():
    x = Value(3.0)
    with no_grad():
        results = [x * x, x + 1.0, -x, x.exp(), x.maximum(2.0), 2.0**x]
    assert [y.kind for y in results] == ["constant"] * 6
    assert [y.data for y in results[:3]] == [9.0, 4.0, -3.0]
    assert (x.kind, x.grad) == ("input", 0.0)
    with pytest.raises(ValueError, match=r"made from plain numbers only, or under no_grad\(\)"):
        results[0].backward()


def test_no_grad_nests():
    with no_grad():
        with no_grad():
            assert not records()
        assert not records()


def test_no_grad_decorates_functions():
    @no_grad()
    def square(x: Value) -> Value:
        return x * x

    for _ in range(2):
        assert square(Value(3.0)).kind == "constant"
        assert records()


def test_no_grad_decorates_without_parentheses_too():
    @no_grad
    def square(x: Value) -> Value:
        """What it is for."""
        return x * x

    assert square(Value(3.0)).kind == "constant"
    assert (square.__name__, square.__doc__) == ("square", "What it is for.")
    assert records()
    with pytest.raises(TypeError, match=r"no_grad\(\) takes nothing, or decorates .* not 3"):
        no_grad(3)


def test_detect_anomaly_decorates_with_and_without_parentheses():
    for decorate in (detect_anomaly, detect_anomaly()):
        with pytest.raises(AnomalyError, match="log"):
            decorate(lambda: Value(0.0).log())()


def test_no_grad_ends_with_an_exception():
    with pytest.raises(KeyError), no_grad(), scope("layer"):
        raise KeyError
    assert (Value(1.0) + 1.0).scope == ""


def test_backward_works_under_no_grad():
    x = Value(3.0)
    y = x * x
    with no_grad():
        y.backward()
        assert gradient(y, x, create_graph=True).kind == "constant"
    assert x.grad == 6.0


def test_no_grad_is_of_one_thread():
    inside, leave = threading.Event(), threading.Event()

    def hold() -> bool:
        with no_grad():
            inside.set()
            leave.wait(10)
            return records()

    with ThreadPoolExecutor(2) as pool:
        held = pool.submit(hold)
        inside.wait(10)
        assert records()
        assert pool.submit(records).result()
        leave.set()
        assert held.result() is False


def test_no_grad_is_of_one_task():
    async def main() -> None:
        inside, leave = asyncio.Event(), asyncio.Event()

        async def hold() -> bool:
            with no_grad():
                inside.set()
                await leave.wait()
                return records()

        held = asyncio.create_task(hold())
        await inside.wait()
        assert records()
        leave.set()
        assert await held is False

    asyncio.run(main())


def test_tasks_follow_the_block_that_started_them_until_it_ends():
    async def main() -> None:
        ended = asyncio.Event()

        async def work() -> list[bool]:
            before = records()
            await ended.wait()
            with scope("elsewhere"):  # Whether other blocks are open makes no difference.
                return [before, records()]

        with no_grad():
            task = asyncio.create_task(work())
            await asyncio.sleep(0)
        ended.set()
        assert await task == [False, True]

    asyncio.run(main())


def named():
    return (Value(1.0) + 1.0).scope


def generator(block):
    with block:
        yield
    yield


def test_generator_restores_what_was_when_it_leaves_its_block():
    steps = generator(no_grad())
    next(steps)
    assert not records()
    next(steps)
    assert records()


def test_blocks_may_end_in_another_order_than_they_began():
    steps = generator(no_grad())
    with scope("outer"):
        next(steps)
    next(steps)
    with scope("later"):
        assert records()
        assert (Value(1.0) + 1.0).scope == "later"

    with no_grad():
        steps = generator(scope("inner"))
        next(steps)
    assert records()
    next(steps)
    with scope("later"):
        assert records()
        assert (Value(1.0) + 1.0).scope == "later"


@pytest.mark.parametrize("left", ["the first", "the second"])
def test_a_block_that_ends_inside_another_takes_only_its_own_changes_along(left):
    first, second = generator(no_grad()), generator(scope("second"))
    next(first)
    with scope("between"):
        next(second)
        with scope("inner"):
            assert (records(), named()) == (False, "between.second.inner")
            if left == "the first":
                next(first)
                assert (records(), named()) == (True, "between.second.inner")
            else:
                next(second)
                assert (records(), named()) == (False, "between.inner")
    assert records() is (left == "the first")
    next(second if left == "the first" else first)
    assert (records(), named()) == (True, "")
    assert not context.special


def test_open_blocks_may_be_as_many_as_one_likes():
    generators = [generator(scope("a")) for _ in range(3000)]
    for each in generators:
        next(each)
    assert named().count("a") == 3000
    for each in generators:  # the first one first
        next(each)
    assert (named(), records(), len(context.special)) == ("", True, 0)
    with ExitStack() as stack:
        for _ in range(3000):
            stack.enter_context(no_grad())
    assert records()


def test_a_task_forgets_the_blocks_that_ended_around_it():
    async def main() -> None:
        ended = asyncio.Event()

        async def work() -> tuple[bool, str]:
            await ended.wait()
            with scope("own"), no_grad():
                pass
            with scope("own"):
                return records(), named()

        with no_grad(), scope("outer"):
            task = asyncio.create_task(work())
            await asyncio.sleep(0)
        ended.set()
        assert await task == (True, "own")

    asyncio.run(main())


def test_a_block_that_was_not_entered_cannot_end():
    with no_grad():
        for _ in range(2):
            with pytest.raises(RuntimeError, match="was not entered"):
                scope("other").__exit__(None, None, None)
        assert not records()


def test_generator_may_end_in_another_thread():
    steps = generator(no_grad())
    with ThreadPoolExecutor(1) as pool:
        pool.submit(next, steps).result()
        next(steps)
        assert records()
        assert pool.submit(records).result()


# ----------------------------------------------------------------------------------- scope


def test_scopes_nest_and_end():
    x = Value(1.0)
    with scope("encoder"):
        a = x * 2.0
        with scope("layer0"):
            b = a.tanh()
        c = b + 1.0
    d = c * c
    assert [y.scope for y in (x, a, b, c, d)] == ["", "encoder", "encoder.layer0", "encoder", ""]


def test_scope_decorates_with_its_name_and_says_so():
    assert scope("layer")(lambda: Value(1.0) + 1.0)().scope == "layer"
    with pytest.raises(TypeError, match=r"scope\(\) takes a name, not <function .*@scope\('enc"):

        @scope
        def layer() -> None: ...


def test_a_scoped_node_is_otherwise_like_any_other():
    x, y = Value(2.0), Value(3.0)
    with scope("layer"):
        inside = x * y - x.exp()
    outside = x * y - x.exp()
    assert (inside.data, inside.partials, inside.op) == (
        outside.data,
        outside.partials,
        outside.op,
    )
    assert [g.data for g in gradient(inside, [x, y])] == [g.data for g in gradient(outside, [x, y])]


def test_blocks_of_different_kinds_combine():
    with scope("outer"), no_grad(), detect_anomaly():
        y = Value(1.0) + 1.0
    assert (y.scope, y.kind) == ("outer", "constant")


# ------------------------------------------------------------- one block, entered more than once


def test_a_block_that_is_entered_twice_ends_twice():
    block = no_grad()
    with block:
        with block:
            assert (Value(1.0) * 2.0).kind == "constant"
        assert (Value(1.0) * 2.0).kind == "constant"
    assert (Value(1.0) * 2.0).kind == "operation"


def test_a_block_that_threads_share_is_each_ones_own():
    block, start, kinds = no_grad(), threading.Barrier(4), []

    def work():
        for _ in range(200):
            start.wait()
            with block:
                kinds.append((Value(1.0) * 2.0).kind)
            kinds.append((Value(1.0) * 2.0).kind)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kinds.count("constant") == kinds.count("operation") == 800
    assert not context.special


def generating():
    yield Value(1.0) * 2.0


async def waiting():
    return Value(1.0) * 2.0


@pytest.mark.parametrize("block", [no_grad, lambda f: scope("a")(f), detect_anomaly])
@pytest.mark.parametrize("decorated", [generating, waiting, Value])
def test_what_does_not_run_when_it_is_called_is_not_decorated(block, decorated):
    with pytest.raises(TypeError, match=r"class, a generator or a coroutine: use `with` inside"):
        block(decorated)


# ------------------------------------------------------------------------------------- Ctrl-C


class Interrupter:
    """A tracing function that raises KeyboardInterrupt at one event of a block, counted."""

    def __init__(self, at):
        self.at, self.events = at, 0

    def __call__(self, frame, event, argument):
        if frame.f_code.co_filename != context.__file__ or event == "exception":
            return None
        frame.f_trace_opcodes = True
        self.events += 1
        if self.events == self.at:
            raise KeyboardInterrupt
        return self


def interrupted(at, block):
    """Whether an interrupt came at this event while a block began and ended."""
    before = sys.gettrace()
    sys.settrace(Interrupter(at))
    try:
        with block():
            pass
    except KeyboardInterrupt as error:
        return error
    finally:
        sys.settrace(before)
    return None


@pytest.mark.parametrize("block", [no_grad, lambda: scope("layer")])
def test_an_interrupt_at_any_instruction_leaves_no_block_open(block):
    with scope("outer"):
        for at in itertools.count(1):
            came = interrupted(at, block) is not None
            y = Value(1.0) + 1.0
            assert (y.kind, y.scope, len(context.special)) == ("operation", "outer", 1), at
            if not came:
                break
    assert at > 200


def test_a_block_that_an_interrupt_kept_from_ending_ends_though_the_interrupt_is_kept():
    ends = ("_leave", "leave", "_innermost")

    class AtCall(Interrupter):
        def __call__(self, frame, event, argument):
            if event == "call" and frame.f_code.co_name in ends:
                raise KeyboardInterrupt

    before, kept = sys.gettrace(), None
    sys.settrace(AtCall(0))
    try:
        with no_grad():
            pass
    except KeyboardInterrupt as error:
        kept = error
    finally:
        sys.settrace(before)
    assert kept is not None
    assert records()
    assert not context.special


def test_a_block_in_an_exit_stack_and_by_hand_ends_as_in_a_with():
    with ExitStack() as stack:
        stack.enter_context(no_grad())
        assert not records()
    block = no_grad()
    block.__enter__()
    assert not records()
    block.__exit__(None, None, None)
