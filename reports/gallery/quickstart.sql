-- autotune profile quickstart, run 2026-11-27T22-08-24
-- verdict: better, tps +324% [+256%, +382%] (positive is better), 10 pairs, margin 5%
-- limits: p95_ms <= 1.05 * baseline: held; failures == 0: held
-- risks: none
-- The proof holds for all changes together, on the machine that it was given on.
-- For SQLite. Run it on every new connection, in this order: page_size before journal_mode.
PRAGMA page_size = 512;  -- takes effect in a new database; in an existing one leave WAL mode, set it, then run VACUUM
PRAGMA journal_mode = wal;
