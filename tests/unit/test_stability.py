from ingest.completeness import Completeness
from ingest.open_files import Writers
from ingest.stability import UNSEEN_SECONDS, Sighting, StabilityTracker, Verdict

QUIET, UNFINISHED, UNMARKED = 1.0, 100.0, 10.0


def tracker() -> StabilityTracker:
    return StabilityTracker(quiet=QUIET, unfinished=UNFINISHED, unmarked=UNMARKED)


def seen(size: int = 10, time: int = 1) -> Sighting:
    return Sighting(size, time, (1, 2))


def test_a_complete_file_is_ready_after_a_quiet_second() -> None:
    files = tracker()
    assert files.look("a", seen(), 0.0) is Verdict.WAIT
    assert files.look("a", seen(), 0.5) is Verdict.WAIT
    assert files.look("a", seen(), 1.0) is Verdict.CHECK
    assert files.judge("a", Completeness.COMPLETE, Writers.NOBODY, 1.0) is Verdict.READY


def test_a_pause_of_half_a_minute_in_the_middle_of_a_copy_is_waited_out() -> None:
    files = tracker()
    files.look("a", seen(10), 0.0)
    files.look("a", seen(10), 1.0)
    assert files.judge("a", Completeness.INCOMPLETE, Writers.NOBODY, 1.0) is Verdict.WAIT
    assert files.look("a", seen(10), 31.0) is Verdict.WAIT
    assert files.look("a", seen(20, 2), 32.0) is Verdict.WAIT
    assert files.look("a", seen(20, 2), 33.0) is Verdict.CHECK
    assert files.judge("a", Completeness.COMPLETE, Writers.NOBODY, 33.0) is Verdict.READY


def test_an_incomplete_file_is_handed_on_in_the_end() -> None:
    files = tracker()
    files.look("a", seen(), 0.0)
    files.look("a", seen(), 1.0)
    files.judge("a", Completeness.INCOMPLETE, Writers.NOBODY, 1.0)
    assert files.look("a", seen(), UNFINISHED - 1) is Verdict.WAIT
    assert files.look("a", seen(), UNFINISHED) is Verdict.CHECK
    assert files.judge("a", Completeness.INCOMPLETE, Writers.NOBODY, UNFINISHED) is Verdict.READY


def test_a_format_without_an_end_mark_needs_longer_quiet() -> None:
    files = tracker()
    files.look("a", seen(), 0.0)
    files.look("a", seen(), 1.0)
    assert files.judge("a", Completeness.UNKNOWN, Writers.NOBODY, 1.0) is Verdict.WAIT
    assert files.look("a", seen(), UNMARKED - 1) is Verdict.WAIT
    assert files.look("a", seen(), UNMARKED) is Verdict.CHECK
    assert files.judge("a", Completeness.UNKNOWN, Writers.NOBODY, UNMARKED) is Verdict.READY


def test_a_file_somebody_writes_is_not_touched_however_quiet() -> None:
    files = tracker()
    for moment in range(0, 300, 10):
        if files.look("a", seen(), float(moment)) is Verdict.CHECK:
            assert files.judge("a", Completeness.COMPLETE, Writers.SOMEBODY, float(moment)) is Verdict.WAIT
    assert files.look("a", seen(), 291.0) is Verdict.CHECK
    assert files.judge("a", Completeness.COMPLETE, Writers.NOBODY, 291.0) is Verdict.READY


def test_a_file_whose_writers_cannot_be_seen_must_be_quiet_for_longer() -> None:
    files = tracker()
    files.look("a", seen(), 0.0)
    files.look("a", seen(), QUIET)
    assert files.judge("a", Completeness.COMPLETE, Writers.UNKNOWN, QUIET) is Verdict.WAIT
    assert files.next_check(QUIET) == UNSEEN_SECONDS - QUIET
    assert files.look("a", seen(), UNSEEN_SECONDS) is Verdict.CHECK
    assert files.judge("a", Completeness.COMPLETE, Writers.UNKNOWN, UNSEEN_SECONDS) is Verdict.READY


def test_what_was_put_off_is_looked_at_again_later_or_once_it_changes() -> None:
    files = tracker()
    assert files.next_check(0.0) is None
    files.look("a", seen(), 0.0)
    files.put_off("a", 60.0, 1.0)
    assert files.next_check(2.0) == 59.0
    assert files.look("a", seen(), 60.0) is Verdict.WAIT
    assert files.look("a", seen(), 61.0) is Verdict.CHECK
    assert files.look("a", seen(11), 62.0) is Verdict.WAIT
    assert files.look("a", seen(11), 63.0) is Verdict.CHECK


def test_a_change_of_time_alone_starts_the_wait_again() -> None:
    """Windows sets the final size before it writes the bytes."""
    files = tracker()
    files.look("a", seen(10, 1), 0.0)
    assert files.look("a", seen(10, 2), 1.0) is Verdict.WAIT
    assert files.look("a", seen(10, 2), 1.5) is Verdict.WAIT
    assert files.look("a", seen(10, 2), 2.0) is Verdict.CHECK


def test_the_same_name_with_another_file_starts_anew() -> None:
    files = tracker()
    files.look("a", Sighting(10, 1, (1, 2)), 0.0)
    assert files.look("a", Sighting(10, 1, (1, 3)), 5.0) is Verdict.WAIT


def test_files_that_are_gone_are_forgotten() -> None:
    files = tracker()
    files.look("a", seen(), 0.0)
    files.look("b", seen(), 0.0)
    files.keep_only({"b"})
    assert files.waiting() == ["b"]
    assert files.look("a", seen(), 9.0) is Verdict.WAIT
    files.forget("b")
    assert files.waiting() == ["a"]
