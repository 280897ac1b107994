"""Vietnamese first, English by a switch. Source strings are Vietnamese; English is the translation catalogue."""

from flask import Flask, g, request, session
from flask_babel import Babel
from flask_babel import gettext as _

from viewer import context

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


def choose() -> str:
    """The language of this request: the person's, then the browser session's, then the office's."""
    account = g.get("account")
    chosen = account.language if account is not None else session.get("language")
    return chosen if chosen in LANGUAGES else context.settings().language


def pick(vietnamese: str, english: str) -> str:
    """One of two texts that come from data files (a folder's name, a type's name)."""
    return english if choose() == "en" and english else vietnamese


def install(app: Flask) -> None:
    """Bind Babel to ``app`` and tell templates which language they are in."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "vi")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=choose)
    app.add_template_global(pick, "pick")

    @app.context_processor
    def language_values() -> dict[str, object]:
        return {"language": choose(), "languages": LANGUAGES, "here": request.full_path.rstrip("?")}


__all__ = ["LANGUAGES", "_", "choose", "install", "pick"]
