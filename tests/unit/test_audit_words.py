"""Whatever the archive writes into its audit chain has words for the page that shows it, and no words are left over."""

import ast
from collections.abc import Iterator
from pathlib import Path

from viewer import audit_words

ROOT = Path(__file__).parents[2]
PACKAGES = ("archive_svc", "viewer", "ingest", "ledger", "search", "storage")
#: what writes an event: where the action stands among the arguments, and what is put before it
WRITERS = {"record": (2, ""), "note_event": (0, ""), "step": (4, ""), "_record": (3, "presentation."),
           "note_change": (3, "ledger.")}
#: where a writer passes on what it was given; its callers are looked at instead
PASSED_ON = {
    ("storage/review_steps.py", "action"), ("viewer/context.py", "action"), ("ledger/entries.py", "action"),
    ("ledger/entries.py", "f'ledger.{action}'"), ("storage/presentations.py", "f'presentation.{verb}'"),
}  # fmt: skip


def nodes() -> Iterator[tuple[str, ast.AST]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                yield path.relative_to(ROOT).as_posix(), node


def written(path: str, node: ast.AST) -> Iterator[str]:
    """The actions an expression or a parameter of the program's text writes down."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place, prefix = WRITERS.get(name, (len(node.args), ""))
        if place < len(node.args):
            action = node.args[place]
            if isinstance(action, ast.Constant):
                yield prefix + action.value
            else:
                assert (path, ast.unparse(action)) in PASSED_ON, f"{path}:{action.lineno} writes what nobody can name"
    if path.startswith("ledger/"):
        yield from (f"ledger.{one}" for one in named_actions(node))


def named_actions(node: ast.AST) -> list[str]:
    """``action="assign"`` given to, or the default of, a function of the ledger that notes a change."""
    if isinstance(node, ast.Call):
        pairs = [(one.arg, one.value) for one in node.keywords]
    elif isinstance(node, ast.FunctionDef):
        pairs = [(one.arg, value) for one, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)]
    else:
        return []
    return [value.value for name, value in pairs if name == "action" and isinstance(value, ast.Constant)]


def done_to(node: ast.AST) -> Iterator[str]:
    """The kind of thing an event was done to: ``document`` of ``f"document:{document.id}"``."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    place = {"record": 3, "note_event": 1}.get(name, len(node.args))
    if place < len(node.args):
        subject = node.args[place]
        start = subject.values[0] if isinstance(subject, ast.JoinedStr) else subject
        if isinstance(start, ast.Constant):
            yield start.value.partition(":")[0]


def test_every_action_has_words_and_no_words_are_left_over() -> None:
    assert {action for path, node in nodes() for action in written(path, node)} == set(audit_words.ACTIONS)


def test_what_it_was_done_to_is_said_in_words() -> None:
    assert {kind for _path, node in nodes() for kind in done_to(node)} <= set(audit_words.SUBJECTS)
    assert audit_words.subject("archive") == "cả kho"
    assert audit_words.subject("document:12") == "tài liệu 12"
