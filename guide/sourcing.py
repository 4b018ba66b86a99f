"""The sources behind a statement, as readers are told of them."""

from guide.flow.content import Guide, Source, Sourcing

SourcesByPublisher = list[tuple[str, list[Source]]]


def sources_in(guide: Guide, sourcing: Sourcing) -> SourcesByPublisher:
    """Return the sources of a fact by publisher."""
    groups: dict[tuple[str, str], list[Source]] = {}
    for slug in sourcing.sources:
        source = guide.source(slug)
        if source:
            key = (source.publisher, source.confidence)
            groups.setdefault(key, []).append(source)
    return [(publisher, group) for (publisher, _), group in groups.items()]


def has_dated(groups: SourcesByPublisher) -> bool:
    """Tell whether at least one of the sources carries a date."""
    return any(source.dated_on for _, group in groups for source in group)
