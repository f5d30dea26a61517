#!/usr/bin/env bash
# As redis.sh, with an append-only file.
APPENDONLY=yes exec "$(dirname "$0")/redis.sh" "$@"
