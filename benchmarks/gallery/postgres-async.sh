#!/usr/bin/env bash
# The service of postgres.sh: benchmarks/gallery/postgres-async.sh 20 synchronous_commit=off
exec "$(dirname "$0")/postgres.sh" "$@"
