#!/usr/bin/env bash
# Gigaflops of products of small matrices, each time in a new interpreter: benchmarks/gallery/numpy-dgemm.sh 20 threads=1
source "$(dirname "$0")/pairs.sh"
default=([threads]=unset [thread_timeout]=unset [order_a]=C [order_b]=C [order_out]=C)
cd "$workloads"

once() {
  local arguments
  arguments="{\"order_a\": \"${now[order_a]}\", \"order_b\": \"${now[order_b]}\", \"order_out\": \"${now[order_out]}\"}"
  env $(given threads OPENBLAS_NUM_THREADS=) $(given thread_timeout OPENBLAS_THREAD_TIMEOUT=) "$python" -c \
    'import json, sys, numpy_dgemm; print(numpy_dgemm.run(**json.loads(sys.argv[1]))["gflops"])' "$arguments"
}

pairs "$@"
