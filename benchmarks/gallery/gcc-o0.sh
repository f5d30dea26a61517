#!/usr/bin/env bash
# The same as gcc-o2.sh, against a program compiled without optimisation:
# benchmarks/gallery/gcc-o0.sh 20 optimise=O3
OPTIMISE=O0 exec "$(dirname "$0")/gcc-o2.sh" "$@"
