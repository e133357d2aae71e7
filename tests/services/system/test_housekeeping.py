import fcntl
import stat
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_clip
from paperclipper.services.papers import clipping
from paperclipper.services.search import indexing
from paperclipper.services.system import health, housekeeping
from paperclipper.services.transfer import backups
from paperclipper.store.database import copies

TODAY = date(2026, 11, 25)


def names(folder):
    return sorted(path.name for path in folder.glob("backups/*"))


def test_there_is_one_private_backup_a_day(store, tmp_path):
    clipping.save(store, a_clip())
    made = backups.make_daily_backup(TODAY)
    assert made == tmp_path / "backups/paperclipper-2026-11-25.db"
    assert copies.check_copy(made) == 1
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert backups.make_daily_backup(TODAY) is None
    assert [backup.path for backup in backups.list_backups()] == [made]


def test_old_backups_are_thinned_out_and_other_files_are_kept(store, tmp_path):
    for days in range(40, -1, -1):
        backups.make_daily_backup(TODAY - timedelta(days=days))
        (tmp_path / "backups/mine.db").touch()
    kept = names(tmp_path)
    assert "mine.db" in kept
    assert len(kept) <= 7 + 4 + 2 + 1
    assert "paperclipper-2026-10-31.db" in kept


days = st.dates(date(2020, 1, 1), date(2026, 12, 31))


@given(st.sets(days, max_size=400))
def test_the_backups_kept_cover_days_weeks_and_months(found):
    kept = backups.days_to_keep(found)
    newest = sorted(found, reverse=True)
    assert kept <= found
    assert set(newest[:7]) <= kept
    assert len(kept) <= 7 + 4 + 12
    for months in range(min(12, len({(day.year, day.month) for day in found}))):
        month = sorted({(day.year, day.month) for day in found}, reverse=True)[months]
        assert max(day for day in found if (day.year, day.month) == month) in kept


@given(st.lists(days, min_size=1, max_size=60))
def test_thinning_out_daily_keeps_the_newest_backups(found):
    """Thinning out every day deletes nothing that a later day would keep."""
    kept = set()
    for day in sorted(set(found)):
        kept = backups.days_to_keep(kept | {day})
    assert set(sorted(set(found))[-7:]) <= kept


def test_a_failed_backup_deletes_no_older_one(store, tmp_path):
    for days in range(30, 0, -1):
        backups.make_daily_backup(TODAY - timedelta(days=days))
    before = names(tmp_path)
    in_the_way = tmp_path / "backups/paperclipper-2026-11-25.db.partial"
    in_the_way.mkdir()
    with pytest.raises(OSError, match="partial"):
        backups.make_daily_backup(TODAY)
    in_the_way.rmdir()
    assert names(tmp_path) == before
    assert backups.make_daily_backup(TODAY)


def test_a_backup_is_made_even_if_the_clock_was_set_back(store, tmp_path):
    for days in range(30):
        backups.make_daily_backup(TODAY - timedelta(days=days * 15))
    made = backups.make_daily_backup(date(1970, 1, 1))
    assert made.exists()


def test_one_process_at_a_time_does_the_housekeeping(store, tmp_path):
    indexing.use_folder(tmp_path)
    (tmp_path / "locks").mkdir()
    with open(tmp_path / "locks/housekeeping.lock", "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        housekeeping.run_once(tmp_path)
        assert names(tmp_path) == []
    housekeeping.run_once(tmp_path)
    assert len(names(tmp_path)) == 1
    assert health.check(store, tmp_path).backups.newest_at
