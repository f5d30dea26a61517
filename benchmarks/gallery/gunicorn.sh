#!/usr/bin/env bash
# The same service as python-web.sh: see there.
exec "$(dirname "$0")/python-web.sh" "$@"
