"""Finds a Chromium for the browser tests, or installs Debian's; ends with a clear message."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# What sheets for the board are printed with (`[paper] font`).
PAPER = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find() -> str | None:
    """The path of an installed Chromium, or None. YIMEN_CHROMIUM names one."""
    named = os.environ.get("YIMEN_CHROMIUM")
    candidates = [named] if named else [shutil.which(name) for name in NAMES] + [MAC]
    return next((path for path in candidates if path and os.path.exists(path)), None)


def has_chinese_font() -> bool:
    """Whether any font draws Chinese; without one the screenshots show boxes."""
    lister = shutil.which("fc-list")
    if lister is None or not os.path.exists(PAPER):
        return sys.platform == "darwin"
    return bool(subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout)


def install(packages: list[str]) -> None:
    """Debian's packages, where this user may install."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        sys.exit(
            f"Missing: {', '.join(packages)}. Install them (Debian: sudo apt-get install "
            f"{' '.join(packages)}), or name a Chromium with YIMEN_CHROMIUM=/path."
        )
    print(f"Installing {', '.join(packages)} …", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "check": True}
    subprocess.run([apt, "update", "-q"], **quiet)
    subprocess.run([apt, "install", "-y", "-q", *packages], **quiet)


if __name__ == "__main__":
    wanted = [] if find() else ["chromium"]
    if not has_chinese_font():
        wanted.append("fonts-noto-cjk")
    if wanted:
        install(wanted)
    print(f"Chromium: {find()}")
