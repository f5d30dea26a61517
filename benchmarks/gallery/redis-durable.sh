#!/usr/bin/env bash
# The service of redis.sh, with an append-only file: benchmarks/gallery/redis-durable.sh 20 hz=50
APPENDONLY=yes exec "$(dirname "$0")/redis.sh" "$@"
