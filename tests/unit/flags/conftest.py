from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.roi.scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    opened = Scene.open(tmp_path)
    yield opened
    opened.close()
