"""What is looked for in pages and drawings: examples, links, texts."""

import re

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)[^)]*\)")  # to a file beside it
DRAWN = re.compile(r">([^<>]+)</text>")  # the places of texts depend on Graphviz's version
