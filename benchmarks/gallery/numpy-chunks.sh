#!/usr/bin/env bash
# Nanoseconds an element of numpy's arithmetic, each time in a new interpreter:
# benchmarks/gallery/numpy-chunks.sh 20 in_place=true chunk=8192
source "$(dirname "$0")/pairs.sh"
default=([chunk]=65536 [in_place]=false [scratch]=float64 [trim_threshold]=unset [mmap_threshold]=unset)
cd "$workloads"

once() {
  local arguments
  arguments="{\"chunk\": ${now[chunk]}, \"in_place\": ${now[in_place]}, \"scratch\": \"${now[scratch]}\"}"
  env $(given trim_threshold MALLOC_TRIM_THRESHOLD_=) $(given mmap_threshold MALLOC_MMAP_THRESHOLD_=) "$python" -c \
    'import json, sys, numpy_chunks; print(numpy_chunks.run(**json.loads(sys.argv[1]))["ns"])' "$arguments"
}

pairs "$@"
