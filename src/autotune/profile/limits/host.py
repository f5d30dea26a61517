"""The rest of a Linux host: files below /sys, control groups, processes, pragmas of SQLite, units of systemd.

SOURCE: Documentation/admin-guide/{mm/transhuge,pm/cpufreq,pm/intel_pstate,cgroup-v2}.rst and
Documentation/ABI/stable/sysfs-block of Linux; sched(7), ioprio_set(2); sqlite.org/pragma.html;
systemd.exec(5), systemd.resource-control(5).
"""

from __future__ import annotations

import math

from autotune.profile.limits.limit import BINARY_UNITS, Limit, Table, never, numbers, words

_MIB = 1 << 20
_THP = "kernel/mm/transparent_hugepage"
_CPU = "devices/system/cpu"
_PREFERENCES = "default performance balance_performance balance_power power"
_GOVERNORS = "performance powersave schedutil ondemand conservative"

SYSFS = Table(
    allowed={
        **words(
            (f"{_THP}/enabled", "always madvise never"),
            (f"{_THP}/defrag", "always defer defer+madvise madvise never"),
            (f"{_THP}/shmem_enabled", "always within_size advise never"),
            ("block/*/queue/scheduler", "none mq-deadline kyber bfq"),
            (f"{_CPU}/cpu*/cpufreq/scaling_governor", _GOVERNORS),
            (f"{_CPU}/cpufreq/policy*/scaling_governor", _GOVERNORS),
            (f"{_CPU}/cpu*/cpufreq/energy_performance_preference", _PREFERENCES),
            (f"{_CPU}/cpufreq/policy*/energy_performance_preference", _PREFERENCES),
            (f"{_THP}/hugepages-*kb/enabled", "always inherit madvise never"),
            ("kernel/mm/swap/vma_ra_enabled", "true false 0 1"),
        ),
        **numbers(
            (f"{_THP}/use_zero_page", 0, 1),
            (f"{_THP}/khugepaged/defrag", 0, 1),
            (f"{_THP}/khugepaged/pages_to_scan", 1, 65_536),
            (f"{_THP}/khugepaged/scan_sleep_millisecs", 10, 600_000),
            (f"{_THP}/khugepaged/alloc_sleep_millisecs", 10, 600_000),
            (f"{_THP}/khugepaged/max_ptes_*", 0, 511),
            ("block/*/queue/read_ahead_kb", 0, 16_384),
            ("block/*/queue/nr_requests", 4, 4096),
            ("block/*/queue/rq_affinity", 0, 2),
            ("block/*/queue/nomerges", 0, 2),
            ("block/*/queue/add_random", 0, 1),
            ("block/*/queue/iostats", 0, 1),
            (f"{_CPU}/cpu*/cpuidle/state*/disable", 0, 1),
            ("block/*/queue/wbt_lat_usec", 0, 1_000_000),
            ("block/*/queue/max_sectors_kb", 4, 32_768),
            (f"{_CPU}/cpu*/cpufreq/scaling_m??_freq", 100_000, 10_000_000),
            (f"{_CPU}/cpufreq/policy*/scaling_m??_freq", 100_000, 10_000_000),
            (f"{_CPU}/cpufreq/boost", 0, 1),
            (f"{_CPU}/intel_pstate/no_turbo", 0, 1),
            (f"{_CPU}/intel_pstate/min_perf_pct", 0, 100),
            (f"{_CPU}/intel_pstate/max_perf_pct", 10, 100),
        ),
        **{
            f"{folder}/hugepages/hugepages-{size * 1024}kb/nr_*hugepages": Limit(unit=size * _MIB, memory=0.5)
            for folder in ("kernel/mm", "devices/system/node/node*")
            for size in (2, 1024)
        },
    },
    never={
        **never("it decides when a disk is told to keep what was written", "block/*/queue/write_cache"),
        **never(
            "it is a door to a driver or another device",
            "*/subsystem/* */driver/* */drivers/* */device/* */firmware_node/* "
            "*/uevent uevent */power/* */*bind",
        ),
        **never("it takes a CPU away", f"{_CPU}/cpu*/online {_CPU}/smt/* {_CPU}/online"),
    },
    closed="block/*/queue/* kernel/mm/* devices/system/cpu/* devices/system/node/node*/hugepages/*",
)

_BYTES = Limit(low=64 * _MIB, units=BINARY_UNITS, words=("max",))
CGROUP = Table(
    allowed={
        **numbers(("cpu.weight", 1, 10_000), ("cpu.weight.nice", -20, 19)),
        "cpu.max": Limit(low=1000, high=1_000_000_000, words=("max",), count=2),
        "cpuset.cpus": Limit(cpus=True),
        "memory.max": _BYTES,
        "memory.high": _BYTES,
        "pids.max": Limit(low=64, high=4_194_304, words=("max",)),
        "io.weight": Limit(low=1, high=10_000, words=("default",), count=2),
    },
    never=never(
        "it moves or ends processes, or hands the group to others",
        "cgroup.* *.procs tasks release_agent notify_on_release devices.*",
    ),
)
PROCESS = Table(
    allowed={
        "nice": Limit(low=-10, high=19),
        "affinity": Limit(cpus=True),
        **words(("policy", "other batch idle")),
        "ionice": Limit(
            low=math.inf,
            words=("none", "idle"),
            pattern=r"(best-effort|be|2)([ :/,][0-7])?",
            form="best-effort 0 to 7",
        ),
    },
    never={},
)
PROTECTED_GROUPS = (
    *("", "init.scope", "*/init.scope", "system.slice", "user.slice", "machine.slice"),
    *("*ssh.service", "*sshd.service", "*systemd-*.service", "*dbus*.service", "*autotune*"),
)
PROTECTED_PROCESSES = ("init", "systemd", "systemd-*", "sshd", "dbus-daemon", "kthreadd", "autotune*")
PROTECTED_FILES = (
    *("passwd*", "shadow*", "group*", "gshadow*", "sudoers*", "sudo.conf", "login.defs", "securetty", "pam*"),
    *(
        "sshd_config*",
        "ssh_config*",
        "*.sshd_config",
        "authorized_keys*",
        "known_hosts*",
        "*crontab*",
        "cron.*",
    ),
    *(
        "ld.so.*",
        "ld-nix*",
        "nsswitch.conf",
        "hosts",
        "hosts.*",
        "resolv.conf",
        "fstab*",
        "crypttab*",
        "modules*",
    ),
    *(
        "grub*",
        "bash*",
        "profile",
        "*.sh",
        "*.py",
        "pg_hba*.conf",
        "pg_ident*.conf",
        "user.conf",
        "system.conf",
    ),
)
"""Names of files whose entries are commands, accounts or rights, whatever their format."""

PRAGMA = Table(
    allowed={
        **words(
            ("journal_mode", "delete truncate persist wal"),
            ("synchronous", "normal full extra 1 2 3"),
            ("auto_vacuum", "none full incremental 0 1 2"),
            ("temp_store", "default file memory 0 1 2"),
            ("locking_mode", "normal exclusive"),
            ("secure_delete", "on fast true 1"),
            ("automatic_index", "on off true false 1 0"),
        ),
        **numbers(
            ("page_size", 512, 65_536),
            ("cache_size", -4_194_304, 1_048_576),
            ("wal_autocheckpoint", 1, 1_000_000),
            ("journal_size_limit", -1, 2**40),
            ("busy_timeout", 0, 600_000),
            ("threads", 0, 64),
        ),
        "mmap_size": Limit(memory=0.5),
    },
    never=never(
        "it lets a database be broken, opened or run code",
        "writable_schema trusted_schema *_store_directory "
        "ignore_check_constraints key rekey hex*key text*key",
    ),
)
SYSTEMD = Table(
    allowed={
        **numbers(
            ("nice", -10, 19),
            ("cpuweight", 1, 10_000),
            ("ioweight", 1, 10_000),
            ("limitnofile", 1024, 1_048_576),
            ("oomscoreadjust", -500, 1000),
        ),
        "memorymax": Limit(low=64 * _MIB, units=BINARY_UNITS, words=("infinity",)),
        "memoryhigh": Limit(low=64 * _MIB, units=BINARY_UNITS, words=("infinity",)),
        "tasksmax": Limit(low=64, high=4_194_304, words=("infinity",)),
        "allowedcpus": Limit(cpus=True),
        "cpuaffinity": Limit(cpus=True),
        **words(("cpuschedulingpolicy", "other batch idle")),
    },
    never=never(
        "it decides what is run, as whom, or what that may see",
        "exec* user group supplementarygroups dynamicuser *capabilit* nonewprivileges protect* private* "
        "restrict* systemcall* *environment* workingdirectory root* bind* *paths pamname umask "
        "load*credential* set*credential* listen* *directory* device* delegate* import* standard* secure* "
        "lockpersonality memorydenywriteexecute",
    ),
)
