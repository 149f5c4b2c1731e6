"""The mapped clock: every process on it, Python or not, sees the drill's time."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drills.clock import MappedClock, threads_at_rest

START = datetime(2025, 3, 14, 0, 0, tzinfo=UTC)
_SAY_NOW = "import datetime; print(datetime.datetime.now(datetime.timezone.utc).isoformat())"


def _seen_by_a_child(clock: MappedClock) -> datetime:
    answer = subprocess.run(
        [sys.executable, "-c", _SAY_NOW], env=clock.environment(), capture_output=True, text=True, check=True
    )
    return datetime.fromisoformat(answer.stdout.strip())


def test_the_drill_and_a_child_process_see_the_same_time(tmp_path: Path) -> None:
    clock = MappedClock(tmp_path / "clock", START)
    before = clock.now()
    seen = _seen_by_a_child(clock)
    assert before <= seen <= clock.now()
    assert START <= seen < START + timedelta(minutes=1)


def test_a_running_process_follows_a_jump(tmp_path: Path) -> None:
    clock = MappedClock(tmp_path / "clock", START)
    program = f"import sys\nfor line in sys.stdin:\n    {_SAY_NOW}\n    sys.stdout.flush()".replace(
        "import datetime; ", ""
    )
    with subprocess.Popen(
        [sys.executable, "-c", "import datetime\n" + program],
        env=clock.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None

        def ask() -> datetime:
            child.stdin.write("\n")
            child.stdin.flush()
            return datetime.fromisoformat(child.stdout.readline().strip())

        assert ask().date().isoformat() == "2025-03-14"
        clock.jump_to(datetime(2025, 3, 20, 3, 0, tzinfo=UTC))
        seen = ask()
        child.stdin.close()
    assert datetime(2025, 3, 20, 3, 0, tzinfo=UTC) <= seen < datetime(2025, 3, 20, 3, 1, tzinfo=UTC)


def test_the_clock_never_goes_back(tmp_path: Path) -> None:
    clock = MappedClock(tmp_path / "clock", START)
    before = clock.now()
    clock.jump_to(START - timedelta(days=1))
    assert clock.now() >= before


def test_another_user_may_read_the_offset(tmp_path: Path) -> None:
    clock = MappedClock(tmp_path / "clock", START)
    assert clock.offset_file.stat().st_mode & 0o777 == 0o644


def test_the_offset_is_whole_seconds_without_a_line_end(tmp_path: Path) -> None:
    """Else libfaketime's unlocked variables could be read half written by another thread."""
    clock = MappedClock(tmp_path / "clock", START)
    clock.jump_to(START + timedelta(hours=5, microseconds=1))
    text = clock.offset_file.read_text()
    assert text == f"{clock.offset_seconds:+d}"
    assert START + timedelta(hours=5) < clock.now() < START + timedelta(hours=5, seconds=2)


def test_a_process_that_works_is_not_at_rest() -> None:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        time.sleep(0.2)
        assert not threads_at_rest([busy.pid])
        busy.kill()


def test_a_process_that_waits_is_at_rest() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "import time; print('.', flush=True); time.sleep(60)"], stdout=-1
    ) as idle:
        assert idle.stdout is not None
        idle.stdout.read(1)
        limit = time.monotonic() + 5
        while not threads_at_rest([idle.pid]) and time.monotonic() < limit:
            time.sleep(0.01)
        assert threads_at_rest([idle.pid])
        idle.kill()
