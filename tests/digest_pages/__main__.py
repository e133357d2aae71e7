"""Prints one of the pages."""

import argparse

from digest_pages.pages import PAGES, build

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("name", choices=sorted(PAGES))
print(build(parser.parse_args().name), end="")
