# autotune profile numpy-chunks, run 2026-11-27T10-36-29
# verdict: better, ns +65.0% [+61.9%, +67.2%] (positive is better), 10 pairs, margin 2%
# limits: failures == 0: held
# risks: none
# The proof holds for all changes together, on the machine that it was given on.
# INCOMPLETE: apply these as well: chunk (format json), in_place (format json)
export MALLOC_TRIM_THRESHOLD_=19752444
export MALLOC_MMAP_THRESHOLD_=1675177
