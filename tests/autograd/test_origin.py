"""Warnings that point at the person's line."""

import warnings

from autograd.origin import warn

CALL = """


warn("careful")
"""


def said(filters, *files):
    """What is warned of when these files run, each twice."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.resetwarnings()
        for settings in filters:
            warnings.filterwarnings(**settings)
        for name in files:
            names = {"warn": warn, "__name__": name}
            for _ in range(2):
                exec(compile(CALL, f"/somewhere/{name}.py", "exec"), names)
    return [(warning.filename, warning.lineno) for warning in warned]


def test_each_line_of_each_file_is_warned_of_once():
    found = said([{"action": "default"}], "one", "two")
    assert found == [("/somewhere/one.py", 4), ("/somewhere/two.py", 4)]


def test_filters_go_by_the_module_of_the_person():
    ignored = {"action": "ignore", "module": "one", "category": RuntimeWarning}
    assert said([{"action": "always"}, ignored], "one", "two") == [("/somewhere/two.py", 4)] * 2
