"""Search in the JSON API."""

from search import service
from search.service import SearchRequest
from storage.access import case_scope
from viewer.api import schemas
from viewer.api.endpoints import operation
from viewer.context import actor, db, note_event, settings


@operation(
    "GET", "/search", tag="search", summary="Pages with some words", query=schemas.SearchQuery,
    answer=schemas.SearchAnswer,
)
def search(query: schemas.SearchQuery) -> schemas.SearchAnswer:
    """Pages, best first, of what the caller may see."""
    found = service.search(
        db(), settings(), case_scope(db(), actor()),
        SearchRequest(
            query=query.q, case=query.case, folder=query.folder, type=query.type, date_from=query.from_,
            date_to=query.to, person=query.person, limit=query.limit, offset=query.offset,
        ),
    )
    note_event("search.done", "search", q=query.q, total=found.total, by="api")
    return schemas.SearchAnswer.model_validate({
        "total": found.total, "took_ms": found.took_ms, "hits": [hit.as_api() for hit in found.hits],
        "facets": {
            name: [{"value": value.value, "label": value.label, "count": value.count} for value in values]
            for name, values in found.facets.items()
        },
    })
