#!/usr/bin/env bash
# Transactions per second of SQLite, by the program's own output:
# benchmarks/gallery/quickstart.sh 20 journal_mode=wal page_size=512
# With CONFIG=FILE the candidate has the PRAGMA lines of that exported file.
source "$(dirname "$0")/pairs.sh"
default=([journal_mode]=delete [synchronous]=full [cache_size]=-2000 [page_size]=4096 [mmap_size]=0
  [temp_store]=default [wal_autocheckpoint]=1000)

once() {
  local options
  options=("--journal-mode=${now[journal_mode]}" "--synchronous=${now[synchronous]}"
    "--cache-size=${now[cache_size]}" "--mmap-size=${now[mmap_size]}" "--temp-store=${now[temp_store]}")
  [ "${now[journal_mode]}" != wal ] || options+=("--wal-autocheckpoint=${now[wal_autocheckpoint]}")
  rm -f "$work"/bench.db*
  "$python" "$workloads/sqlite_oltp.py" prepare --db="$work/bench.db" --page-size="${now[page_size]}"
  "$python" "$workloads/sqlite_oltp.py" run --db="$work/bench.db" --answer="$work/answer.json" --duration=0.5 \
    --seed=7 "${options[@]}" | sed 's/.*"tps": \([0-9.]*\).*/\1/'
}

exported() {
  sed -n 's/^PRAGMA \([a-z_]*\) = \(-\{0,1\}[a-z0-9]*\);.*/\1=\2/p' "$1"
}

pairs "$@"
