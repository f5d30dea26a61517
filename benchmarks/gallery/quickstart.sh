#!/bin/sh
# The SQLite mix by hand, interleaved: quickstart.sh N name=value...   CONFIG=FILE: an exported file (format sql) instead.
# Prints `baseline<TAB>transactions per second` and `candidate<TAB>...`, N of each.
set -eu
pairs=$1
shift
if [ -n "${CONFIG-}" ]; then # its PRAGMA lines as name=value
  # shellcheck disable=SC2046  words without spaces
  set -- $(sed -n 's/^PRAGMA \([a-z_]*\) = \(-\{0,1\}[a-z0-9]*\);.*/\1=\2/p' "$CONFIG")
fi
cd "$(dirname "$0")/../../workloads"
python=${PYTHON:-python3}
folder=$(mktemp -d /var/tmp/gallery-by-hand.XXXXXX)
trap 'rm -rf "$folder"' EXIT

# one ARM name=value...: a fresh database, and the transactions per second on it.
one() {
  arm=$1
  shift
  page=4096
  words=
  for setting in "$@"; do
    case $setting in
      page_size=*) page=${setting#*=} ;;
      *) words="$words --$(echo "${setting%%=*}" | tr _ -)=${setting#*=}" ;;
    esac
  done
  rm -rf "${folder:?}"/*
  "$python" sqlite_oltp.py prepare --db="$folder/bench.db" --page-size="$page"
  # shellcheck disable=SC2086  words of our own, without spaces
  "$python" sqlite_oltp.py run --db="$folder/bench.db" --answer="$folder/answer.json" --duration=0.5 --seed=7 $words |
    sed "s/.*\"tps\": \([0-9.]*\).*/$arm\t\1/"
}

i=0
while [ "$i" -lt "$pairs" ]; do
  if [ $((i % 2)) -eq 0 ]; then
    one baseline
    one candidate "$@"
  else
    one candidate "$@"
    one baseline
  fi
  i=$((i + 1))
done
