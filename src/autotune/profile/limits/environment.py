"""Variables of the environment.

SOURCE of the never-list: the variables that sudo(8) takes away (plugins/sudoers/env.c,
`initial_badenv_table`), glibc's ld.so(8), and their kin of other languages.
"""

from __future__ import annotations

import math

from autotune.profile.limits.limit import Limit, Table, never, numbers

_SIZES = {"b": 1.0, "kib": 2.0**10, "mib": 2.0**20, "gib": 2.0**30, "tib": 2.0**40}

ENVIRONMENT = Table(
    allowed={
        **numbers(
            ("malloc_arena_max", 0, 4096),
            ("malloc_arena_test", 0, 4096),
            ("malloc_mmap_max_", 0, 16_777_216),
            ("malloc_mmap_threshold_", 0, 2**30),
            ("malloc_top_pad_", 0, 2**30),
            ("malloc_trim_threshold_", -1, 2**40),
            ("malloc_tcache_count", 0, 65_535),
            ("omp_num_threads", 1, 4096),
            ("omp_thread_limit", 1, 4096),
            ("*_num_threads", 1, 4096),
            ("gomaxprocs", 1, 4096),
            ("uv_threadpool_size", 1, 1024),
            ("tokio_worker_threads", 1, 4096),
        ),
        "gogc": Limit(low=10, high=10_000, words=("off",)),
        "gomemlimit": Limit(low=2**24, units=_SIZES, words=("off",)),
        "omp_*": Limit(low=math.inf, pattern=r"[A-Za-z0-9_,]{1,64}", form="letters, digits, commas"),
    },
    never={
        **never(
            "it makes programs load or run code from elsewhere",
            "ld_* _rld* dyld_* shlib_path libpath ldr_* gconv_path python* perl* ruby* lua_* node_* npm_* "
            "java_tool_options _java_options jdk_java_options jdk_* classpath bash_env bash_func_* env ps4 "
            "prompt_command git_* editor visual pager *_preload gtk_*module* qt_plugin_path php_ini* "
            "php_inirc dotnet_startup_hooks cor*_profiler* openssl_* ssl_* php* erl_* elixir_* r_profile* "
            "gem_* bundle_*",
        ),
        **never(
            "it decides how a shell reads its commands, or which program a name means",
            "path ifs cdpath shell shellopts bashopts globignore fpath zdotdir nullcmd readnullcmd home "
            "tmpprefix tmpdir user logname",
        ),
        **never(
            "it decides what a name or a message means",
            "localdomain res_options hostaliases nlspath path_locale locpath getconf_dir malloc_trace "
            "resolv_* termcap terminfo* termpath krb5* *_proxy tz tzdir",
        ),
    },
)
