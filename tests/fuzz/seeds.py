"""The corpus: messages and near misses in, the files that the fuzzers begin with out.

In: the streams that are listed in `seeds_of_messages` and `seeds_of_growth`. Out: a file for each
below `corpus/`, written by `python -m tests.fuzz.seeds`; `test_targets` sees that they are the
same. An input that a fuzzer found belongs into these lists, too, once it is understood.
"""

from pathlib import Path
from typing import Final

from tests.fuzz.seeds_of_growth import GROWTH
from tests.fuzz.seeds_of_messages import CHUNKED, CLIENT, REQUESTS, RESPONSES, SERVER
from tests.fuzz.session import CORPUS

SEEDS: Final[dict[str, dict[str, bytes]]] = {
    "requests": REQUESTS,
    "responses": RESPONSES,
    "chunked": CHUNKED,
    "server": SERVER,
    "client": CLIENT,
    "growth": GROWTH,
}
"""The inputs by target and name."""


def file_of(target: str, name: str, corpus: Path = CORPUS) -> Path:
    """Return where an input is written."""
    return corpus / target / name.replace(" ", "-")


def write(corpus: Path = CORPUS) -> None:
    """Write all inputs, and remove files that are none."""
    for target, seeds in SEEDS.items():
        (corpus / target).mkdir(parents=True, exist_ok=True)
        files = {file_of(target, name, corpus): octets for name, octets in seeds.items()}
        for file in set((corpus / target).iterdir()) - set(files):
            file.unlink()
        for file, octets in files.items():
            file.write_bytes(octets)


if __name__ == "__main__":
    write()
