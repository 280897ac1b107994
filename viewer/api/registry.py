"""The modules that declare endpoints of the JSON API, one name a line."""

MODULES = (
    "archive",
    "ledger",
    "search",
)
