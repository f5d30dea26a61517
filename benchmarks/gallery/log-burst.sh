#!/bin/sh
# Bursts of log lines by hand, interleaved (as root): log-burst.sh N queue=V send_buffer=V   CONFIG=FILE: a sysctl.d file.
# Prints `baseline<TAB>p50 in ms` and `candidate<TAB>...`, N of each. Both sysctls have their values again at the end.
set -eu
pairs=$1
shift
cd "$(dirname "$0")/../../workloads"
python=${PYTHON:-python3}
queue=net.unix.max_dgram_qlen
buffer=net.core.wmem_default
old="$queue=$(sysctl -n $queue) $buffer=$(sysctl -n $buffer)"
folder=$(mktemp -d /var/tmp/gallery-by-hand.XXXXXX)
# shellcheck disable=SC2086  two words
trap 'sysctl -q -w $old; rm -rf "$folder"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

new=
for setting in "$@"; do
  case $setting in
    queue=*) new="$new $queue=${setting#*=}" ;;
    send_buffer=*) new="$new $buffer=${setting#*=}" ;;
  esac
done

baseline() {
  # shellcheck disable=SC2086  two words
  sysctl -q -w $old
  one baseline
}

candidate() {
  [ -z "${CONFIG-}" ] || sysctl -q -p "$CONFIG"
  # shellcheck disable=SC2086  words without spaces
  [ -z "$new" ] || sysctl -q -w $new
  one candidate
}

one() {
  rm -rf "${folder:?}"/*
  "$python" log_burst.py run --folder="$folder" --duration=0.5 | sed "s/.*\"p50_ms\": \([0-9.e-]*\).*/$1\t\1/"
}

i=0
while [ "$i" -lt "$pairs" ]; do
  if [ $((i % 2)) -eq 0 ]; then
    baseline
    candidate
  else
    candidate
    baseline
  fi
  i=$((i + 1))
done
