#!/usr/bin/env bash
# MB/s of zstd on the gallery's corpus, by the clock: benchmarks/gallery/zstd.sh 20 level=2 threads=2
source "$(dirname "$0")/pairs.sh"
default=([level]=3 [threads]=1 [strategy]=unset [window_log]=unset [hash_log]=unset [chain_log]=unset
  [search_log]=unset [min_match]=unset [target_length]=unset [long]=unset)

"$python" "$workloads/zstd_corpus.py" corpus --data "$work"
size=$(stat -L -c %s "$work/corpus")

once() {
  local options from to
  options=("-${now[level]}" "-T${now[threads]}" $(given long --long=) $(given strategy --zstd=strategy=)
    $(given window_log --zstd=windowLog=) $(given hash_log --zstd=hashLog=) $(given chain_log --zstd=chainLog=)
    $(given search_log --zstd=searchLog=) $(given min_match --zstd=minMatch=)
    $(given target_length --zstd=targetLength=))
  rm -f "$work/out.zst"
  from=$(date +%s%N)
  zstd --quiet --force "${options[@]}" "$work/corpus" -o "$work/out.zst"
  to=$(date +%s%N)
  awk -v size="$size" -v ns=$((to - from)) 'BEGIN { printf "%.3f\n", 1000 * size / ns }'
}

pairs "$@"
