# autotune profile sort, run 2026-11-27T22-24-49
# verdict: better, seconds +43.5% [+33.3%, +65.6%] (positive is better), 10 pairs, margin 5%
# limits: memory <= 0.5 * baseline: held; failures == 0: held
# risks: none
# The proof holds for all changes together, on the machine that it was given on.
# INCOMPLETE: apply these as well: parallel (format json), buffer (format json)
export LC_ALL=C
