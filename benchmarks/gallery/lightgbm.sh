#!/usr/bin/env bash
# CPU seconds of a training, as the program itself counts them: benchmarks/gallery/lightgbm.sh 20 max_bin=63 layout=row
source "$(dirname "$0")/pairs.sh"
default=([num_threads]=unset [rounds]=100 [learning_rate]=0.1 [num_leaves]=31 [min_data_in_leaf]=20 [max_bin]=255
  [layout]=auto [feature_fraction]=1 [sampling]=all [bagging_fraction]=0.5 [bagging_freq]=1)
export OMP_WAIT_POLICY=passive

once() {
  local options name
  options=()
  for name in "${!now[@]}"; do
    [[ $name == bagging_* && ${now[sampling]} != bagging ]] || options+=($(given "$name" "--$name="))
  done
  "$python" "$workloads/lightgbm_flights.py" train --folder="$work" "${options[@]}" |
    sed 's/.*"train_cpu_s": \([0-9.e-]*\).*/\1/'
}

pairs "$@"
