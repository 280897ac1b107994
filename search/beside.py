"""A second question to the index while the first is being answered, where its reader allows that."""

import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from search.engine import Found, IndexReader

_POOL: Final = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1), thread_name_prefix="search")


def beside(reader: IndexReader, question: Callable[[], Found]) -> Callable[[], Found]:
    """What gives the answer once it is wanted. Where threads may ask the reader at once, it is being looked for from
    now on (an engine in native code lets other threads run meanwhile); else it is asked when first wanted."""
    if reader.is_shareable:
        return _POOL.submit(question).result
    return functools.cache(question)
