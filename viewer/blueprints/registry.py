"""The blueprints of the application, one module name a line. Each module exposes ``blueprint``."""

BLUEPRINTS = (
    "admin",
    "api",
    "auth",
    "court",
    "case_edit",
    "cases",
    "compare",
    "document_edit",
    "documents",
    "hearing",
    "home",
    "iiif",
    "images",
    "ledger",
    "presentations",
    "sheets",
    "numbering",
    "review",
    "intake",
    "search",
)
