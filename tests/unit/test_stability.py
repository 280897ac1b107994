from ingest.completeness import Completeness
from ingest.stability import Sighting, StabilityTracker, Verdict

QUIET, UNFINISHED, UNMARKED = 1.0, 100.0, 10.0


def tracker() -> StabilityTracker:
    return StabilityTracker(quiet=QUIET, unfinished=UNFINISHED, unmarked=UNMARKED)


def seen(size: int = 10, time: int = 1, *, writing: bool = False) -> Sighting:
    return Sighting(size, time, (1, 2), writing)


def test_a_complete_file_is_ready_after_a_quiet_second() -> None:
    files = tracker()
    assert files.look("a", seen(), 0.0) is Verdict.WAIT
    assert files.look("a", seen(), 0.5) is Verdict.WAIT
    assert files.look("a", seen(), 1.0) is Verdict.CHECK
    assert files.judge("a", Completeness.COMPLETE, 1.0) is Verdict.READY


def test_a_pause_of_half_a_minute_in_the_middle_of_a_copy_is_waited_out() -> None:
    files = tracker()
    files.look("a", seen(10), 0.0)
    files.look("a", seen(10), 1.0)
    assert files.judge("a", Completeness.INCOMPLETE, 1.0) is Verdict.WAIT
    assert files.look("a", seen(10), 31.0) is Verdict.WAIT
    assert files.look("a", seen(20, 2), 32.0) is Verdict.WAIT
    assert files.look("a", seen(20, 2), 33.0) is Verdict.CHECK
    assert files.judge("a", Completeness.COMPLETE, 33.0) is Verdict.READY


def test_an_incomplete_file_is_handed_on_in_the_end() -> None:
    files = tracker()
    files.look("a", seen(), 0.0)
    files.look("a", seen(), 1.0)
    files.judge("a", Completeness.INCOMPLETE, 1.0)
    assert files.look("a", seen(), UNFINISHED - 1) is Verdict.WAIT
    assert files.look("a", seen(), UNFINISHED) is Verdict.READY


def test_a_format_without_an_end_mark_needs_longer_quiet() -> None:
    files = tracker()
    files.look("a", seen(), 0.0)
    files.look("a", seen(), 1.0)
    assert files.judge("a", Completeness.UNKNOWN, 1.0) is Verdict.WAIT
    assert files.look("a", seen(), UNMARKED) is Verdict.READY


def test_a_file_somebody_writes_is_not_touched_however_quiet() -> None:
    files = tracker()
    for moment in range(0, 300, 10):
        assert files.look("a", seen(writing=True), float(moment)) is Verdict.WAIT
    assert files.look("a", seen(), 301.0) is Verdict.WAIT
    assert files.look("a", seen(), 302.5) is Verdict.CHECK


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
