#!/usr/bin/env bash
# Seconds that xz takes for the telemetry, by the clock: benchmarks/gallery/xz.sh 20 delta=16 mode=fast mf=hc4 nice=32
source "$(dirname "$0")/pairs.sh"
default=([delta]=unset [dict]=8192 [lc]=3 [lp]=0 [pb]=2 [mode]=normal [mf]=bt4 [nice]=64 [depth]=0)

"$python" "$workloads/xz_telemetry.py" prepare --corpus="$work/corpus"

once() {
  local lzma from
  lzma="dict=${now[dict]}KiB,lc=${now[lc]},lp=${now[lp]},pb=${now[pb]},mode=${now[mode]},mf=${now[mf]}"
  lzma+=",nice=${now[nice]},depth=${now[depth]}"
  rm -f "$work/corpus.xz"
  from=$(date +%s%N)
  xz --keep --threads=1 --check=crc64 $(given delta --delta=dist=) --lzma2="$lzma" "$work/corpus"
  seconds "$from" "$(date +%s%N)"
}

pairs "$@"
