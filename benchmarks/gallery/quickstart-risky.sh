#!/bin/sh
# The same mix as without risks; the profile's values alone differ.
exec "$(dirname "$0")/quickstart.sh" "$@"
