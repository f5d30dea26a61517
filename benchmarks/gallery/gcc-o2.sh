#!/usr/bin/env bash
# CPU seconds of the gallery's C program as gcc compiles it, by the shell's own `time`:
# benchmarks/gallery/gcc-o2.sh 20 optimise=O3 profile=true
source "$(dirname "$0")/pairs.sh"
default=([optimise]=${OPTIMISE:-O2} [profile]=false [march]=unset [vectorise]=unset [loops]=unset [inline_limit]=unset
  [align_loops]=unset [link_time]=unset [frame]=unset)

# Compiles into the folder $1 with the flags after it; a second time by what a run shows, where that is asked for.
build() {
  local folder=$1 source=$workloads/gcc_flags_picture.c
  shift
  mkdir "$folder"
  if [ "${now[profile]}" = true ]; then
    (cd "$folder" && gcc -w "$@" -fprofile-generate "$source" -o program -lm && ./program /dev/null)
    set -- "$@" -fprofile-use
  fi
  (cd "$folder" && gcc -w "$@" "$source" -o program -lm)
}

once() {
  local flags folder TIMEFORMAT='%3U %3S'
  flags=("-${now[optimise]}" $(given march -march=) $(given vectorise -fvect-cost-model=) $(given loops -f)
    $(given inline_limit -finline-limit=) $(given align_loops -falign-loops=) $(given link_time -f) $(given frame -f))
  folder=$work/${now[profile]}$(printf '%s' "${flags[@]}")
  [ -d "$folder" ] || build "$folder" "${flags[@]}"
  { time "$folder/program" "$work/answer"; } 2>&1 | awk '{ printf "%.3f\n", $1 + $2 }'
}

pairs "$@"
