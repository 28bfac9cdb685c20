"""Prints the tables of the conversation as diagrams: `python -m h11_statemachine client`.

In: the name of a diagram. Out: DOT text, for `dot` of Graphviz; exit code 2 for any other name.
"""

import argparse
import sys

from h11_statemachine._diagrams import DIAGRAMS


def main() -> None:
    """Print the diagram that the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m h11_statemachine",
        description="Print a diagram of the conversation in the language of Graphviz.",
    )
    parser.add_argument("diagram", choices=DIAGRAMS, help="which machine, or what joins the two")
    sys.stdout.write(DIAGRAMS[parser.parse_args().diagram]())


if __name__ == "__main__":
    main()
