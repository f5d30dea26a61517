# autotune profile cpython-gc, run 2026-11-27T22-33-38
# verdict: better, seconds +49.2% [+47.1%, +65.2%] (positive is better), 10 pairs, margin 2%
# limits: peak <= 1.2 * baseline: held; failures == 0: held
# risks: none
# The proof holds for all changes together, on the machine that it was given on.
# INCOMPLETE: apply these as well: threshold0 (format json), threshold1 (format json), threshold2 (format json), freeze (format json), freeze_every (format json)
export MALLOC_ARENA_MAX=8
export MALLOC_TRIM_THRESHOLD_=1468638
export MALLOC_TOP_PAD_=10619682
