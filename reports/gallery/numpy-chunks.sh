# autotune profile numpy-chunks, run 2026-11-27T22-37-49
# verdict: better, ns +63.4% [+53.0%, +70.9%] (positive is better), 10 pairs, margin 2%
# limits: failures == 0: held
# risks: none
# The proof holds for all changes together, on the machine that it was given on.
# INCOMPLETE: apply these as well: in_place (format json)
export MALLOC_TRIM_THRESHOLD_=913319590
export MALLOC_MMAP_THRESHOLD_=29043894
