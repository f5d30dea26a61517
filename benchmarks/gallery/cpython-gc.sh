#!/usr/bin/env bash
# Seconds of the order book by the clock, the interpreter's start included:
# benchmarks/gallery/cpython-gc.sh 20 freeze=true freeze_every=500 threshold0=2000
source "$(dirname "$0")/pairs.sh"
default=([threshold0]=700 [threshold1]=10 [threshold2]=10 [freeze]=false [freeze_every]=2000 [allocator]=pymalloc
  [arenas]=unset [trim_threshold]=unset [top_pad]=unset)

"$python" "$workloads/cpython_gc.py" prepare --records="$work/records"

once() {
  local options variables from
  options=("--threshold0=${now[threshold0]}" "--threshold1=${now[threshold1]}" "--threshold2=${now[threshold2]}"
    "--freeze=${now[freeze]}")
  [ "${now[freeze]}" != true ] || options+=("--freeze-every=${now[freeze_every]}")
  variables=("PYTHONMALLOC=${now[allocator]}" $(given arenas MALLOC_ARENA_MAX=)
    $(given trim_threshold MALLOC_TRIM_THRESHOLD_=) $(given top_pad MALLOC_TOP_PAD_=))
  from=$(date +%s%N)
  env "${variables[@]}" "$python" "$workloads/cpython_gc.py" run --records="$work/records" --answer="$work/answer" \
    "${options[@]}" >&2
  seconds "$from" "$(date +%s%N)"
}

pairs "$@"
