"""The main navigation: what stands at the left of every page, and for whom."""

from dataclasses import dataclass

from flask import Flask, current_app, g, request
from flask_babel import lazy_gettext as _

from storage.models.base import now
from storage.models.people import Role
from viewer import context


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: an icon of ``icons.svg``, words, the view it opens, and the roles it is for (empty = all)."""

    icon: str
    label: object
    endpoint: str
    roles: frozenset[str] = frozenset()
    hidden_from: frozenset[str] = frozenset()

    @property
    def area(self) -> str:
        """The blueprint this entry stands for; it is marked as current on all its pages."""
        return self.endpoint.partition(".")[0]


WITHOUT_CASES = frozenset({Role.ADMIN.value})
ENTRIES = (
    Entry("home", _("Trang chủ"), "home.index"),
    Entry("case", _("Hồ sơ"), "cases.index", hidden_from=WITHOUT_CASES),
    Entry("search", _("Tìm kiếm"), "search.index", hidden_from=WITHOUT_CASES),
    Entry("inbox", _("Nhận bản quét"), "intake.index"),
    Entry("review", _("Duyệt đợt quét"), "review.index", hidden_from=WITHOUT_CASES),
    Entry("ledger", _("Sổ"), "ledger.index", hidden_from=WITHOUT_CASES),
    Entry("present", _("Trình chiếu"), "presentations.index", hidden_from=WITHOUT_CASES),
    Entry("admin", _("Quản trị"), "admin.index", roles=frozenset({Role.ADMIN.value})),
)
#: blueprints whose pages belong to another entry of the navigation
AREA_OF = {
    "case_edit": "cases", "documents": "cases", "document_edit": "cases", "compare": "cases",
    "court": "presentations", "hearing": "presentations", "reading": "review",
}


def entries_for(role: str | None) -> list[tuple[Entry, bool]]:
    """The entries a role sees, each with whether the present page belongs to it."""
    here = request.blueprint or ""
    here = AREA_OF.get(here, here)
    return [
        (entry, entry.area == here)
        for entry in ENTRIES
        if entry.endpoint in current_app.view_functions
        and (not entry.roles or role in entry.roles)
        and role not in entry.hidden_from
    ]


def install(app: Flask) -> None:
    """Give templates the navigation and the person they are for."""

    @app.context_processor
    def navigation_values() -> dict[str, object]:
        account = g.get("account")
        return {
            "account": account,
            "office_name": context.settings().office_name,
            "allow_secret": context.settings().allow_secret,
            "present": now(),
            "navigation": entries_for(account.role) if account else [],
            "has_view": lambda endpoint: endpoint in current_app.view_functions,
        }
