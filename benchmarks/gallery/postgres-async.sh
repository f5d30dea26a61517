#!/usr/bin/env bash
# The same service as postgres.sh: see there.
exec "$(dirname "$0")/postgres.sh" "$@"
