"""``archive verify``: prove that nothing was lost or changed."""

import time
from pathlib import Path
from typing import Any

import click

from archive_svc.cli_common import Archive, data_option, json_option, open_archive, print_json
from archive_svc.progress import steps
from archive_svc.speech import Said, say
from config.errors import EXIT_REFUSED, Invalid
from search import check as index
from search.folder import IndexFolder
from storage import audit, integrity
from storage.integrity import Finding, Kind

#: longer than the index's writer needs to commit what it has in hand
SETTLE_SECONDS = 3.0
_INDEX_SAID = {
    index.Difference.MISSING: Said("chưa có trong phần tìm kiếm", "not in the search index"),
    index.Difference.EXTRA: Said("còn trong phần tìm kiếm dù không được có", "in the search index, but should not be"),
}


@click.command()
@data_option
@json_option
@click.option("--head", default=None, metavar="SEQ:HASH", help="audit event noted on paper earlier")
def command(data: Path | None, as_json: bool, head: str | None) -> None:
    """Re-hash every original, account for every derived file and index row, walk the audit chain.

    Exit code 1 when something is wrong; leftovers are told but are no fault.
    """
    known_head = _parse_head(head)
    with open_archive(data) as archive:
        report = verify_archive(archive, known_head, quiet=as_json)
    if as_json:
        print_json(report)
    else:
        _print(report)
    if report["faults"]:
        raise SystemExit(EXIT_REFUSED)


def verify_archive(archive: Archive, known_head: tuple[int, str] | None, *, quiet: bool) -> dict[str, Any]:
    """Check everything and record in the audit chain that it was done, with what result."""
    with archive.database.read() as session:
        named = integrity.named_originals(session)
        findings = [*integrity.check_database(session), *integrity.check_chain(session, known_head)]
    for sha256, named_by in steps(named.items(), len(named), "originals", quiet=quiet):
        finding = integrity.check_original(archive.vault, sha256, named_by)
        if finding:
            findings.append(finding)
    findings += integrity.check_leftovers(archive.vault, archive.settings.derived_folder, named)
    findings += check_index(archive)
    faults = [finding for finding in findings if finding.kind.is_fault]
    with archive.database.write() as session:
        audit.record(session, archive.actor.name, "archive.verified", "archive",
                     {"originals": len(named), "faults": len(faults)})
        seq, digest = audit.head(session)
    return {
        "originals": len(named), "faults": [_plain(f) for f in faults],
        "leftovers": [_plain(f) for f in findings if not f.kind.is_fault], "audit_head": f"{seq}:{digest}",
    }


def check_index(archive: Archive) -> list[Finding]:
    """Pages the index lacks or should not hold.

    The service may be indexing meanwhile, so what differs counts only if it still does a moment later. An index that
    was not built yet (after a restore) is no fault: the service builds it when it starts.
    """
    if IndexFolder(archive.settings.index_folder).current() is None:
        return [Finding(Kind.STALE, "index", "chưa có phần tìm kiếm; dịch vụ tự lập khi chạy",
                        "it is not there yet; the service builds it when it starts")]
    found: set[tuple[int, index.Difference]] = set()
    for look in range(2):
        with archive.database.read() as session:
            seen = set(index.differences(session, archive.settings))
        found = seen if look == 0 else found & seen
        if not found:
            return []
        if look == 0:
            time.sleep(SETTLE_SECONDS)
    return [_index_finding(page, how) for page, how in sorted(found, key=lambda one: one[0])]


def _index_finding(page: int, how: index.Difference) -> Finding:
    said = _INDEX_SAID[how]
    mend = "archive reindex"
    return Finding(Kind.INDEX, f"page:{page}", f"{said.vi}; hãy chạy: {mend}", f"{said.en}; run: {mend}")


def _plain(finding: Finding) -> dict[str, str]:
    said = Said(finding.vi, finding.en)
    return {"kind": str(finding.kind), "subject": finding.subject, "explanation": str(said)}


def _parse_head(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, _, digest = text.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise Invalid(what=f"--head {text}", why="viết SỐ:MÃ như archive verify đã in ra")
    return int(number), digest


def _print(report: dict[str, Any]) -> None:
    for title, key in ((Said("HỎNG", "WRONG"), "faults"), (Said("còn sót", "left over"), "leftovers")):
        for entry in report[key]:
            click.echo(f"{title}: {entry['subject']}: {entry['explanation']}")
    checked = report["originals"]
    if report["faults"]:
        say(f"Đã đọc lại {checked} bản gốc: có chỗ hỏng, xem các dòng trên.",
            f"{checked} originals checked: something is wrong, see above.")
    else:
        say(f"Đã đọc lại {checked} bản gốc: tất cả nguyên vẹn.", f"{checked} originals checked: everything is whole.")
    say(f"Mã nhật ký, chép vào sổ giấy: {report['audit_head']}",
        f"Audit head, to note on paper: {report['audit_head']}")
