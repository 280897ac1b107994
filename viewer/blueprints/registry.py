"""The blueprints of the application, one module name a line. Each module exposes ``blueprint``."""

BLUEPRINTS = (
    "api",
    "auth",
    "home",
    "iiif",
    "images",
)
