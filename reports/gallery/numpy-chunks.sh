# autotune profile numpy-chunks, run 2026-11-27T09-36-36
# verdict: better, ns +63.2% [+53.9%, +64.9%] (positive is better), 10 pairs, margin 2%
# limits: failures == 0: held
# risks: none
# The proof holds for all changes together, on the machine that it was given on.
# INCOMPLETE: apply these as well: chunk (format json), in_place (format json)
export MALLOC_MMAP_THRESHOLD_=3702935
