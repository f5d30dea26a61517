-- autotune profile quickstart-risky, run 2026-11-27T07-37-06
-- verdict: better, tps +2437% [+2266%, +2696%] (positive is better), 10 pairs, margin 2%
-- limits: p95_ms <= 1.05 * baseline: held; failures == 0: held
-- risks: durability (journal_mode, synchronous)
-- The proof holds for all changes together, on the machine that it was given on.
-- For SQLite. Run it on every new connection, in this order: page_size before journal_mode.
PRAGMA page_size = 1024;  -- takes effect in a new database; in an existing one leave WAL mode, set it, then run VACUUM
PRAGMA journal_mode = off;
PRAGMA synchronous = off;
PRAGMA cache_size = -8000;
PRAGMA temp_store = file;
