#!/usr/bin/env bash
# The same service as nginx.sh: see there.
exec "$(dirname "$0")/nginx.sh" "$@"
