-- autotune profile quickstart-risky, run 2026-11-27T22-10-00
-- verdict: better, tps +2136% [+1908%, +2348%] (positive is better), 10 pairs, margin 2%
-- limits: p95_ms <= 1.05 * baseline: held; failures == 0: held
-- risks: durability (synchronous)
-- The proof holds for all changes together, on the machine that it was given on.
-- For SQLite. Run it on every new connection, in this order: page_size before journal_mode.
PRAGMA page_size = 512;  -- takes effect in a new database; in an existing one leave WAL mode, set it, then run VACUUM
PRAGMA journal_mode = wal;
PRAGMA synchronous = normal;
PRAGMA cache_size = -128000;
PRAGMA mmap_size = 16777216;
PRAGMA temp_store = file;
PRAGMA wal_autocheckpoint = 92894;
