"""PostgreSQL. SOURCE: chapter "Server Configuration" of its documentation, 13 to 18."""

from __future__ import annotations

from autotune.profile.limits.limit import POSTGRES_UNITS, Limit, Table, never, numbers, words

_KB, _MB, _GB, _PAGE = 1 << 10, 1 << 20, 1 << 30, 8192
_BOOL = "on off true false yes no 1 0"
_ON = "on true yes 1"


def _size(unit: float, low: float, share: float, *more: str) -> Limit:
    return Limit(low=low, unit=unit, units=POSTGRES_UNITS, memory=share, words=more)


def _amount(unit: float, low: float, high: float, *more: str) -> Limit:
    return Limit(low=low, high=high, unit=unit, units=POSTGRES_UNITS, words=more)


_SIZES = {
    "shared_buffers": _size(_PAGE, 128 * _KB, 0.5),
    "effective_cache_size": _size(_PAGE, _PAGE, 1),
    "work_mem": _size(_KB, 64 * _KB, 0.05),
    "maintenance_work_mem": _size(_KB, _MB, 0.25),
    "autovacuum_work_mem": _size(_KB, _MB, 0.25, "-1"),
    "logical_decoding_work_mem": _size(_KB, 64 * _KB, 0.05),
    "temp_buffers": _size(_PAGE, 800 * _KB, 0.1),
    "wal_buffers": _amount(_PAGE, 32 * _KB, _GB, "-1"),
    "max_wal_size": _amount(_MB, 32 * _MB, 1024 * _GB),
    "min_wal_size": _amount(_MB, 32 * _MB, 1024 * _GB),
    "checkpoint_flush_after": _amount(_PAGE, 0, 2 * _MB),
    "bgwriter_flush_after": _amount(_PAGE, 0, 2 * _MB),
    "backend_flush_after": _amount(_PAGE, 0, 2 * _MB),
    "wal_writer_flush_after": _amount(_PAGE, 0, _GB),
    "min_parallel_table_scan_size": _amount(_PAGE, 0, 1024 * _GB),
    "min_parallel_index_scan_size": _amount(_PAGE, 0, 1024 * _GB),
}
_TIMES = {
    "checkpoint_timeout": _amount(1, 30, 3600),
    "bgwriter_delay": _amount(1e-3, 0.01, 10),
    "wal_writer_delay": _amount(1e-3, 0.001, 10),
    "commit_delay": _amount(1e-6, 0, 0.1),
    "autovacuum_naptime": _amount(1, 1, 3600),
    "autovacuum_vacuum_cost_delay": _amount(1e-3, 0, 0.1, "-1"),
    "vacuum_cost_delay": _amount(1e-3, 0, 0.1),
    "deadlock_timeout": _amount(1e-3, 0.01, 60),
}
_NUMBERS = numbers(
    ("hash_mem_multiplier", 1, 16),
    ("checkpoint_completion_target", 0, 1),
    ("bgwriter_lru_maxpages", 0, 100_000),
    ("bgwriter_lru_multiplier", 0, 10),
    ("commit_siblings", 0, 1000),
    ("random_page_cost", 0.1, 100),
    ("seq_page_cost", 0.1, 100),
    ("cpu_*_cost", 0, 10),
    ("parallel_setup_cost", 0, 1_000_000),
    ("parallel_tuple_cost", 0, 1000),
    ("jit_*_above_cost", -1, 1e12),
    ("jit_above_cost", -1, 1e12),
    ("effective_io_concurrency", 0, 1000),
    ("maintenance_io_concurrency", 0, 1000),
    ("io_workers", 1, 32),
    ("io_max_concurrency", -1, 1024),
    ("max_worker_processes", 1, 1024),
    ("max_parallel_workers", 0, 1024),
    ("max_parallel_workers_per_gather", 0, 64),
    ("max_parallel_maintenance_workers", 0, 64),
    ("max_connections", 10, 10_000),
    ("max_files_per_process", 64, 1_000_000),
    ("default_statistics_target", 1, 10_000),
    ("from_collapse_limit", 1, 100),
    ("join_collapse_limit", 1, 100),
    ("geqo_threshold", 2, 100),
    ("geqo_effort", 1, 10),
    ("autovacuum_max_workers", 1, 32),
    ("autovacuum_*_threshold", 0, 1_000_000_000),
    ("autovacuum_*_scale_factor", 0, 1),
    ("autovacuum_vacuum_cost_limit", -1, 10_000),
    ("vacuum_cost_limit", 1, 10_000),
    ("vacuum_cost_page_*", 0, 10_000),
)
_WORDS = words(
    # Off here is a risk (durability, availability), which has to be allowed by name.
    ("fsync", _ON),
    ("full_page_writes", _ON),
    ("autovacuum", _ON),
    ("synchronous_commit", f"{_ON} local remote_write remote_apply"),
    ("wal_sync_method", "fdatasync fsync open_datasync open_sync"),
    ("wal_compression", f"{_BOOL} pglz lz4 zstd"),
    ("huge_pages", f"{_BOOL} try"),
    ("io_method", "sync worker io_uring"),
    ("jit", _BOOL),
    ("geqo", _BOOL),
    ("enable_*", _BOOL),
    ("track_io_timing", _BOOL),
    ("track_wal_io_timing", _BOOL),
    ("wal_recycle", _BOOL),
    ("wal_init_zero", _BOOL),
    ("synchronize_seqscans", _BOOL),
    ("parallel_leader_participation", _BOOL),
    ("default_toast_compression", "pglz lz4"),
)
_NEVER = {
    **never(
        "it names a program or a library that the server runs",
        "*_command* *_libraries *_library *library_path jit_provider extension_* plperl.* pltcl.* plpython* "
        "*preload*",
    ),
    **never(
        "it decides who may connect, from where, and as whom",
        "listen_addresses port unix_socket_* ssl* hba_file ident_file *password* krb_* gss_* oauth_* "
        "db_user_namespace authentication_* role session_authorization createrole_* row_security "
        "primary_conninfo primary_slot_name ldap* pam_* bonjour* restrict_nonsystem_*",
    ),
    **never(
        "it decides where files are, or what else is read as configuration",
        "data_directory config_file external_pid_file include* log_directory log_filename log_file_mode "
        "log_destination logging_collector syslog_* event_source *tablespace* stats_temp_directory "
        "search_path dynamic_shared_memory_type allow_in_place_tablespaces",
    ),
    **never(
        "it hides or makes damage",
        "zero_damaged_pages ignore_* data_sync_retry allow_system_table_mods session_replication_role "
        "*freeze_max_age",
    ),
}
POSTGRES = Table(allowed={**_SIZES, **_TIMES, **_NUMBERS, **_WORDS}, never=_NEVER)
