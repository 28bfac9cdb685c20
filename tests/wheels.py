"""The distributions of the four packages, built from the source tree.

In: a folder. Out: a wheel and an sdist of each package in it, the wheel built from the sdist, as
whoever gets the sdist would build it. Run it as `python -m tests.wheels FOLDER`.
"""

import subprocess
import sys
from pathlib import Path

from tests.environments import REPOSITORY

PACKAGES = {
    "h11-events": "h11_events",
    "h11-parser": "h11_parser",
    "h11-statemachine": "h11_statemachine",
    "h11": "h11",
}
"""The name of each distribution and of the package in it, from the bottom up."""


def build(folder: Path) -> None:
    """Build all four distributions.

    Args:
        folder: Where to put them; it is made if it is missing.

    Raises:
        subprocess.CalledProcessError: If one cannot be built.
    """
    for name in PACKAGES:
        source = REPOSITORY / "packages" / name
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
        subprocess.run([*command, str(source)], check=True, stdout=subprocess.DEVNULL)
        sys.stdout.write(f"built {name}: wheel and sdist in {folder}\n")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
