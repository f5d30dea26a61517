"""Compares the answers of a server with those that the application's own function gives."""

from __future__ import annotations

import argparse
import http.client
import sys

from python_web_app import answer

QUERIES = 20


def main() -> None:
    """Ends with 1, saying which, unless every answer is what it has to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    for number in range(QUERIES):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", f"/?{number}")
        got = connection.getresponse()
        content = got.read()
        connection.close()
        if got.status != http.client.OK or content != answer(str(number)):
            sys.exit(f"query {number}: status {got.status}, answer {content[:100]!r}")


if __name__ == "__main__":
    main()
