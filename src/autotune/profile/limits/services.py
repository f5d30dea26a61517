"""Redis, nginx, MySQL.

SOURCE: redis.conf of Redis 7; nginx.org/en/docs (core, http, events, proxy, gzip); chapter "Server System
Variables" of the MySQL 8 manual.
"""

from __future__ import annotations

from autotune.profile.limits.limit import (
    BINARY_UNITS,
    NGINX_SIZES,
    NGINX_TIMES,
    REDIS_UNITS,
    Limit,
    Table,
    never,
    numbers,
    words,
)

_MIB = 1 << 20
_BUFFERS = Limit(low=1, high=64 * _MIB, units=NGINX_SIZES, count=2)
_TIME = Limit(low=0, high=3600, units=NGINX_TIMES, count=2)
_EVICTION = (
    "noeviction allkeys-lru allkeys-lfu allkeys-random volatile-lru volatile-lfu volatile-random volatile-ttl"
)

REDIS = Table(
    allowed={
        "maxmemory": Limit(low=_MIB, units=REDIS_UNITS, memory=0.9, words=("0",)),
        "auto-aof-rewrite-min-size": Limit(low=_MIB, units=REDIS_UNITS),
        "repl-backlog-size": Limit(low=_MIB, units=REDIS_UNITS, memory=0.1),
        "*-ziplist-value": Limit(low=1, high=_MIB, units=REDIS_UNITS),
        "*-listpack-value": Limit(low=1, high=_MIB, units=REDIS_UNITS),
        "stream-node-max-bytes": Limit(low=0, high=64 * _MIB, units=REDIS_UNITS),
        **numbers(
            ("maxmemory-samples", 1, 64),
            ("maxmemory-eviction-tenacity", 0, 100),
            ("io-threads", 1, 128),
            ("hz", 1, 500),
            ("tcp-backlog", 128, 65_535),
            ("tcp-keepalive", 0, 3600),
            ("timeout", 0, 86_400),
            ("maxclients", 100, 100_000),
            ("databases", 1, 1024),
            ("auto-aof-rewrite-percentage", 0, 1000),
            ("active-defrag-cycle-m*", 1, 75),
            ("active-defrag-threshold-*", 0, 1000),
            ("active-expire-effort", 1, 10),
            ("list-max-*-size", -5, 65_536),
            ("list-compress-depth", 0, 1024),
            ("*-max-*-entries", 0, 65_536),
            ("slowlog-log-slower-than", -1, 10_000_000),
            ("slowlog-max-len", 0, 100_000),
            ("latency-monitor-threshold", 0, 100_000),
        ),
        **words(
            ("maxmemory-policy", _EVICTION),
            # The other value of these is a risk (durability), which has to be allowed by name.
            ("appendfsync", "always everysec"),
            ("appendonly", "yes"),
            ("no-appendfsync-on-rewrite", "no"),
            ("rdbchecksum", "yes"),
            ("stop-writes-on-bgsave-error", "yes"),
            *(
                (key, "yes no")
                for key in ("io-threads-do-reads", "dynamic-hz", "activedefrag", "lazyfree-lazy-*")
            ),
            *((key, "yes no") for key in ("activerehashing", "jemalloc-bg-thread", "rdbcompression")),
            *((key, "yes no") for key in ("aof-rewrite-incremental-fsync", "rdb-save-incremental-fsync")),
        ),
    },
    never={
        **never(
            "it names a file, a library or a program of the server",
            "dir dbfilename append*name loadmodule module* include logfile pidfile aof-load-* daemonize "
            "supervised syslog-* *-template set-proc-title",
        ),
        **never(
            "it decides who may connect, from where, and to do what",
            "requirepass masterauth masteruser user aclfile acl* bind* port tls-* unixsocket* "
            "protected-mode enable-*-command rename-command slaveof replicaof replica-announce* "
            "slave-announce* cluster-* sentinel* oom-score-adj*",
        ),
    },
)
NGINX = Table(
    allowed={
        "worker_processes": Limit(low=1, high=1024, words=("auto",)),
        **words(
            *(
                (key, "on off")
                for key in ("multi_accept", "accept_mutex", "sendfile", "tcp_nopush", "tcp_nodelay")
            ),
            *(
                (key, "on off")
                for key in ("gzip", "*_buffering", "reset_timedout_connection", "open_file_cache_errors")
            ),
            ("aio", "on off threads"),
            ("worker_cpu_affinity", "auto"),
            ("gzip_static", "on off always"),
        ),
        **numbers(
            ("worker_connections", 64, 1_048_576),
            ("worker_rlimit_nofile", 1024, 1_048_576),
            ("keepalive_requests", 1, 1_000_000_000),
            ("gzip_comp_level", 1, 9),
            ("open_file_cache_min_uses", 1, 1000),
            ("types_hash_*", 16, 65_536),
            ("*_hash_*_size", 16, 65_536),
            ("keepalive", 1, 10_000),
        ),
        **dict.fromkeys(
            ("keepalive_timeout", "keepalive_time", "open_file_cache_valid", "lingering_t*"), _TIME
        ),
        **dict.fromkeys(
            ("gzip_buffers", "output_buffers", "*_buffers", "*_buffer_size", "*_buffers_size"), _BUFFERS
        ),
        **dict.fromkeys(("gzip_min_length", "sendfile_max_chunk", "postpone_output"), _BUFFERS),
        "directio": Limit(low=512, units=NGINX_SIZES, words=("off",)),
        "open_file_cache": Limit(
            low=float("inf"),
            words=("off",),
            pattern=r"max=\d{1,6}( inactive=\d{1,5}[smh]?)?",
            form="max=N inactive=60s",
        ),
    },
    never={
        **never(
            "it names a file, a library, a program or a user of the server",
            "load_module include user pid daemon master_process env error_log access_log working_directory "
            "lock_file *_path root alias perl* js_* *lua* autoindex dav_* create_full_put_path *_log",
        ),
        **never(
            "it decides who may connect, and what is served to whom",
            "ssl_* *_ssl_* listen *_pass auth_* allow deny server_name server location upstream resolver* "
            "*_set_header *_hide_header add_header return rewrite try_files server_tokens disable_symlinks "
            "limit_* satisfy set_real_ip_from real_ip_* internal if set map",
        ),
    },
)
MYSQL = Table(
    allowed={
        "innodb_buffer_pool_size": Limit(low=5 * _MIB, units=BINARY_UNITS, memory=0.75),
        "innodb_log_buffer_size": Limit(low=_MIB, units=BINARY_UNITS, memory=0.05),
        "innodb_redo_log_capacity": Limit(low=8 * _MIB, units=BINARY_UNITS),
        "tmp_table_size": Limit(low=1024, units=BINARY_UNITS, memory=0.05),
        "max_heap_table_size": Limit(low=16_384, units=BINARY_UNITS, memory=0.05),
        "*_buffer_size": Limit(low=128, units=BINARY_UNITS, memory=0.05),
        **numbers(
            ("innodb_io_capacity", 100, 1_000_000),
            ("innodb_io_capacity_max", 100, 1_000_000),
            ("innodb_thread_concurrency", 0, 1000),
            ("innodb_lru_scan_depth", 100, 65_536),
            ("innodb_max_dirty_pages_pct", 0, 99.99),
            ("innodb_spin_wait_delay", 0, 1000),
            ("innodb_flush_log_at_trx_commit", 1, 1),  # 0 and 2 are a risk (durability)
            ("sync_binlog", 1, 1),
            ("thread_cache_size", 0, 16_384),
            ("table_open_cache", 64, 524_288),
            ("table_definition_cache", 400, 524_288),
            ("max_connections", 10, 100_000),
        ),
        **words(
            ("innodb_adaptive_hash_index", "on off true false 1 0"),
            ("innodb_flush_neighbors", "0 1 2"),
            ("innodb_change_buffering", "none inserts deletes changes purges all"),
            ("innodb_doublewrite", "on true 1"),
        ),
    },
    never=never(
        "it decides who may connect, what is run, or where files are",
        "plugin* init_* secure_* local_infile general_log* *_log_file *_file *dir *_dir_* ssl_* tls_* *ssl* "
        "bind_* port socket skip_* *password* validate_* require_* innodb_data_* sql_log_bin "
        "authentication_* *authentication* event_scheduler *_path log_* mandatory_roles activate_all_* "
        "super_read_only read_only offline_mode",
    ),
)
