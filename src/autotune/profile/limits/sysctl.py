"""Sysctls: what may be set and what never.

SOURCE: Documentation/admin-guide/sysctl/{vm,kernel,fs,net}.rst and Documentation/networking/ip-sysctl.rst of
Linux; where they give a bound it stands here, and below it what leaves a machine usable.
"""

from __future__ import annotations

from autotune.profile.limits.limit import Limit, Table, never, numbers, words

_MIB = 1 << 20
_HUGE_PAGE = 2 * _MIB  # the default size on x86-64 and on arm64 with pages of 4 KiB
_GIB = 1 << 30

_BUFFER = Limit(low=4096, high=_GIB, memory=0.05)
_THREE_BUFFERS = Limit(low=1024, high=_GIB, memory=0.05, count=3, ordered=True)

_VM = {
    **numbers(
        ("vm.swappiness", 0, 200),
        ("vm.vfs_cache_pressure", 1, 1000),  # 0 never reclaims, "can easily lead to out-of-memory conditions"
        ("vm.dirty_ratio", 1, 90),
        ("vm.dirty_background_ratio", 1, 80),
        ("vm.dirty_expire_centisecs", 100, 36_000),
        ("vm.dirty_writeback_centisecs", 10, 6_000),  # 0 writes nothing back by age
        ("vm.dirtytime_expire_seconds", 60, 86_400),
        ("vm.watermark_scale_factor", 1, 1000),
        ("vm.watermark_boost_factor", 0, 20_000),
        ("vm.zone_reclaim_mode", 0, 7),
        ("vm.page-cluster", 0, 6),
        ("vm.max_map_count", 65_530, 16_777_216),
        ("vm.compaction_proactiveness", 0, 100),
        ("vm.extfrag_threshold", 0, 1000),
        ("vm.stat_interval", 1, 120),
        ("vm.numa_stat", 0, 1),
        ("vm.compact_unevictable_allowed", 0, 1),
    ),
    "vm.dirty_bytes": Limit(low=_MIB, memory=0.5),
    "vm.dirty_background_bytes": Limit(low=_MIB // 2, memory=0.4),
    "vm.min_free_kbytes": Limit(low=1024 * 1024, unit=1024, memory=0.05),  # too low deadlocks under load
    "vm.admin_reserve_kbytes": Limit(low=8 * _MIB, unit=1024, memory=0.05),  # what lets root log in
    "vm.nr_hugepages": Limit(unit=_HUGE_PAGE, memory=0.5),
    "vm.nr_overcommit_hugepages": Limit(unit=_HUGE_PAGE, memory=0.5),
}
_KERNEL = numbers(
    ("kernel.numa_balancing", 0, 2),
    ("kernel.numa_balancing_scan_delay_ms", 100, 100_000),
    ("kernel.numa_balancing_scan_period_min_ms", 100, 100_000),
    ("kernel.numa_balancing_scan_period_max_ms", 1000, 600_000),
    ("kernel.numa_balancing_scan_size_mb", 1, 4096),
    ("kernel.sched_autogroup_enabled", 0, 1),
    ("kernel.sched_child_runs_first", 0, 1),
    ("kernel.sched_cfs_bandwidth_slice_us", 1000, 100_000),
    ("kernel.sched_energy_aware", 0, 1),
    ("kernel.sched_latency_ns", 100_000, 1_000_000_000),
    ("kernel.sched_migration_cost_ns", 0, 100_000_000),
    ("kernel.sched_min_granularity_ns", 100_000, 1_000_000_000),
    ("kernel.sched_nr_migrate", 4, 1024),
    ("kernel.sched_rr_timeslice_ms", 1, 1000),
    ("kernel.sched_rt_runtime_us", 100_000, 990_000),  # -1 lets one real-time loop hold a CPU for good
    ("kernel.sched_schedstats", 0, 1),
    ("kernel.sched_tunable_scaling", 0, 2),
    ("kernel.sched_wakeup_granularity_ns", 0, 1_000_000_000),
    ("kernel.timer_migration", 0, 1),
    ("kernel.pid_max", 32_768, 4_194_304),
    ("kernel.threads-max", 4096, 4_194_304),
    ("kernel.shmmax", _MIB, 2.0**63),
    ("kernel.shmall", 256, 2.0**63),
    ("kernel.shmmni", 128, 32_768),
    ("kernel.msgmax", 8192, 16 * _MIB),
    ("kernel.msgmnb", 8192, 16 * _MIB),
)
_FS = numbers(
    ("fs.file-max", 65_536, 2.0**63),
    ("fs.nr_open", 65_536, 1_073_741_816),
    ("fs.aio-max-nr", 65_536, 16_777_216),
    ("fs.pipe-max-size", 65_536, 64 * _MIB),
    ("fs.inotify.max_user_watches", 8192, 4_194_304),
    ("fs.inotify.max_user_instances", 128, 65_536),
    ("fs.inotify.max_queued_events", 16_384, 1_048_576),
)
_CORE = {
    **numbers(
        ("net.core.somaxconn", 128, 65_535),
        ("net.core.netdev_max_backlog", 100, 1_000_000),
        ("net.core.netdev_budget", 50, 10_000),
        ("net.core.netdev_budget_usecs", 100, 100_000),
        ("net.core.dev_weight", 8, 1024),
        ("net.core.busy_poll", 0, 1000),
        ("net.core.busy_read", 0, 1000),
        ("net.core.optmem_max", 4096, 16 * _MIB),
        ("net.core.rps_sock_flow_entries", 0, 1_048_576),
        ("net.core.gro_normal_batch", 1, 64),
        ("net.unix.max_dgram_qlen", 10, 65_536),
    ),
    **words(("net.core.default_qdisc", "fq fq_codel pfifo_fast sfq cake")),
    "net.core.[rw]mem_max": _BUFFER,
    "net.core.[rw]mem_default": _BUFFER,
    "net.netfilter.nf_conntrack_max": Limit(low=16_384, high=16_777_216, unit=1),
}
_TCP = {
    **numbers(
        ("net.ipv4.tcp_max_syn_backlog", 128, 262_144),
        ("net.ipv4.tcp_fin_timeout", 5, 120),
        ("net.ipv4.tcp_keepalive_time", 30, 7200),
        ("net.ipv4.tcp_keepalive_intvl", 1, 300),
        ("net.ipv4.tcp_keepalive_probes", 1, 30),
        ("net.ipv4.tcp_tw_reuse", 0, 2),
        ("net.ipv4.tcp_max_tw_buckets", 4096, 4_194_304),
        ("net.ipv4.tcp_max_orphans", 4096, 1_048_576),
        ("net.ipv4.tcp_slow_start_after_idle", 0, 1),
        ("net.ipv4.tcp_window_scaling", 0, 1),
        ("net.ipv4.tcp_sack", 0, 1),
        ("net.ipv4.tcp_dsack", 0, 1),
        ("net.ipv4.tcp_timestamps", 0, 2),
        ("net.ipv4.tcp_fastopen", 0, 3),  # the higher bits answer without a cookie
        ("net.ipv4.tcp_mtu_probing", 0, 2),
        ("net.ipv4.tcp_base_mss", 512, 1460),
        ("net.ipv4.tcp_notsent_lowat", 4096, 4_294_967_295),
        ("net.ipv4.tcp_limit_output_bytes", 65_536, 64 * _MIB),
        ("net.ipv4.tcp_autocorking", 0, 1),
        ("net.ipv4.tcp_no_metrics_save", 0, 1),
        ("net.ipv4.tcp_moderate_rcvbuf", 0, 1),
        ("net.ipv4.tcp_adv_win_scale", -31, 31),
        ("net.ipv4.tcp_ecn", 0, 2),
        ("net.ipv4.tcp_early_retrans", 0, 4),
        ("net.ipv4.tcp_frto", 0, 2),
        ("net.ipv4.tcp_reordering", 3, 127),
        ("net.ipv4.tcp_syn_retries", 2, 10),
        ("net.ipv4.tcp_synack_retries", 2, 10),
        ("net.ipv4.tcp_retries2", 5, 20),
        ("net.ipv4.tcp_thin_linear_timeouts", 0, 1),
        ("net.ipv4.tcp_min_tso_segs", 1, 64),
        ("net.ipv4.tcp_tso_win_divisor", 0, 32),
        ("net.ipv4.tcp_pacing_ss_ratio", 100, 1000),
        ("net.ipv4.tcp_pacing_ca_ratio", 100, 1000),
        ("net.ipv4.udp_[rw]mem_min", 4096, 16 * _MIB),
    ),
    **words(("net.ipv4.tcp_congestion_control", "cubic reno bbr htcp")),
    "net.ipv4.tcp_[rw]mem": _THREE_BUFFERS,
}

_NEVER = {
    **never(
        "it names a program that the kernel starts as root, or how",
        "kernel.core_* kernel.modprobe kernel.hotplug kernel.poweroff_cmd kernel.usermodehelper.* "
        "fs.binfmt_misc.* kernel.acct kernel.*helper* kernel.firmware_config.*",
    ),
    **never(
        "it decides which code may run in the kernel, or whether another one is booted",
        "kernel.modules_disabled kernel.kexec_* kernel.bpf* kernel.unprivileged_* net.core.bpf_jit_* "
        "kernel.loadpin.* kernel.sysctl_writes_strict dev.tty.* abi.* crypto.*",
    ),
    **never(
        "it can halt or restart the machine, or keep it from doing so",
        "kernel.sysrq kernel.ctrl-alt-del kernel.panic* *panic* kernel.oops_* kernel.warn_limit "
        "vm.panic_on_oom vm.memory_failure_* kernel.traceoff_on_warning kernel.ftrace_*",
    ),
    **never(
        "it hardens the machine against attacks",
        "kernel.randomize_va_space kernel.yama.* kernel.kptr_restrict kernel.dmesg_restrict "
        "kernel.seccomp.* kernel.perf_event_paranoid kernel.io_uring_* kernel.split_lock_mitigate "
        "kernel.stack_* kernel.apparmor* kernel.keys.* kernel.random.* *.overflow?id fs.mount-max user.* "
        "fs.suid_dumpable fs.protected_* fs.verity.* vm.mmap_min_addr vm.mmap_rnd_* vm.unprivileged_* "
        "vm.legacy_va_layout vm.memfd_noexec vm.hugetlb_shm_group",
    ),
    **never(
        "it decides what the machine's log tells",
        "kernel.printk* kernel.print-* kernel.tracepoint_printk kernel.tainted debug.* net.netfilter.nf_log*",
    ),
    **never(
        "it is who or what the machine is",
        "kernel.hostname kernel.domainname kernel.ns_last_pid kernel.real-root-dev kernel.cad_pid",
    ),
    **never(
        "it starts an action and cannot be undone", "vm.drop_caches vm.compact_memory vm.stat_refresh *.flush"
    ),
    **never(
        "it decides whose packets are believed and where they go",
        "net.ipv4.conf.* net.ipv6.conf.* net.ipv4.ip_forward* net.ipv4.tcp_syncookies net.ipv4.icmp_* "
        "net.ipv6.icmp.* net.ipv4.ip_nonlocal_bind net.ipv6.ip_nonlocal_bind "
        "net.ipv4.ip_unprivileged_port_start net.ipv4.ping_group_range net.ipv4.tcp_fastopen_key "
        "net.ipv4.tcp_challenge_ack_limit net.bridge.* net.ipv4.tcp_rfc1337 net.mpls.* net.ipv4.cipso* "
        "net.core.xfrm* net.ipv4.*l3mdev_accept net.ipv4.tcp_min_snd_mss "
        "net.netfilter.nf_conntrack_tcp_be_liberal net.netfilter.nf_conntrack_*loose "
        "net.netfilter.nf_conntrack_checksum net.ipv4.route.* net.ipv6.route.*",
    ),
}

SYSCTL = Table(allowed={**_VM, **_KERNEL, **_FS, **_CORE, **_TCP}, never=_NEVER)
