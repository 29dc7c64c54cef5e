"""The Chromium of this machine, and how it is started."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

PATH = next((path for path in ("/usr/bin/chromium", shutil.which("chromium") or "") if Path(path).is_file()), "")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

needs_chromium = [
    pytest.mark.browser,
    pytest.mark.skipif(not PATH, reason="no Chromium on this machine: pages are not tested here"),
]
