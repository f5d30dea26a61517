#!/usr/bin/env bash
# Seconds that GNU sort takes for the gallery's lines, by the clock: benchmarks/gallery/sort.sh 20 locale=C buffer=4096
source "$(dirname "$0")/pairs.sh"
default=([locale]=C.UTF-8 [parallel]=unset [buffer]=unset [batch]=16 [compress]=unset)

"$python" "$workloads/sort_lines.py" lines --data "$work"

once() {
  local options from
  options=($(given parallel --parallel=))
  if [ "${now[buffer]}" != unset ]; then
    options+=("--buffer-size=${now[buffer]}K")
    if [ "${now[buffer]}" -lt 49152 ]; then
      options+=($(given batch --batch-size=) $(given compress --compress-program=))
    fi
  fi
  rm -f "$work/sorted"
  from=$(date +%s%N)
  LC_ALL=${now[locale]} sort --output="$work/sorted" --temporary-directory="$work" "${options[@]}" "$work/lines"
  seconds "$from" "$(date +%s%N)"
}

pairs "$@"
