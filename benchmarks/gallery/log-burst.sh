#!/usr/bin/env bash
# Milliseconds (p50) of bursts of log lines, by the program's own output: benchmarks/gallery/log-burst.sh 20 queue=512
# As root: writes two sysctls, and restores them. With CONFIG=FILE the candidate has the lines of that file for sysctl.d.
source "$(dirname "$0")/pairs.sh"
queue=net.unix.max_dgram_qlen
buffer=net.core.wmem_default
default=([queue]=$(sysctl -n $queue) [send_buffer]=$(sysctl -n $buffer))
trap 'sysctl -q -w "$queue=${default[queue]}" "$buffer=${default[send_buffer]}"; rm -rf "$work"' EXIT

once() {
  rm -rf "${work:?}"/*
  sysctl -q -w "$queue=${now[queue]}" "$buffer=${now[send_buffer]}"
  "$python" "$workloads/log_burst.py" run --folder="$work" --duration=0.5 | sed 's/.*"p50_ms": \([0-9.e-]*\).*/\1/'
}

exported() {
  sed -n "s/^$queue *= */queue=/p; s/^$buffer *= */send_buffer=/p" "$1"
}

pairs "$@"
