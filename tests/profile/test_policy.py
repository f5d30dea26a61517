from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.core.errors import RefusedError
from autotune.model.profile import Change
from autotune.model.space import Apply
from autotune.profile.limits.tables import TABLES
from autotune.profile.policy import Answer, check, check_text, never, ranges_beyond, require

FACTS = {"host.memory_mib": 1000, "host.cpus": 4}
MEMORY = 1000 << 20


def _apply(actuator: str, name: str, **options: str) -> Apply:
    return Apply(actuator=actuator, options={"name": name, **options})


_NEVER_SYSCTLS = [
    "kernel.core_pattern",
    "kernel.core_pipe_limit",
    "kernel.modprobe",
    "kernel.hotplug",
    "kernel.poweroff_cmd",
    "kernel.usermodehelper.bset",
    "kernel.kexec_load_disabled",
    "kernel.sysrq",
    "kernel.panic",
    "kernel.panic_on_oops",
    "kernel.softlockup_panic",
    "kernel.hung_task_panic",
    "kernel.printk",
    "kernel.printk_ratelimit",
    "kernel.yama.ptrace_scope",
    "kernel.kptr_restrict",
    "kernel.dmesg_restrict",
    "kernel.unprivileged_bpf_disabled",
    "kernel.unprivileged_userns_clone",
    "kernel.perf_event_paranoid",
    "kernel.randomize_va_space",
    "kernel.modules_disabled",
    "kernel.ctrl-alt-del",
    "fs.suid_dumpable",
    "fs.protected_hardlinks",
    "fs.protected_symlinks",
    "fs.binfmt_misc.register",
    "vm.mmap_min_addr",
    "vm.mmap_rnd_bits",
    "vm.panic_on_oom",
    "vm.drop_caches",
    "vm.unprivileged_userfaultfd",
    "user.max_user_namespaces",
    "net.ipv4.conf.all.rp_filter",
    "net.ipv4.conf.eth0.accept_redirects",
    "net.ipv6.conf.all.forwarding",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ip_forward",
    "net.core.bpf_jit_harden",
    "net.ipv4.icmp_echo_ignore_broadcasts",
]


@pytest.mark.parametrize("key", _NEVER_SYSCTLS)
@pytest.mark.parametrize(
    "write", [lambda k: k, lambda k: k.replace(".", "/"), str.upper], ids=["dots", "slashes", "A"]
)
def test_a_sysctl_of_the_never_list_is_refused_however_it_is_spelt(
    key: str, write: Callable[[str], str]
) -> None:
    for value in ("0", "1", "|/tmp/x", None):
        ruling = check_text(_apply("sysctl", write(key)), value, FACTS)
        assert ruling.answer is Answer.NEVER, key
        assert ruling.refused(allow_risk=True)


def test_a_vlan_in_the_name_hides_no_key_of_the_never_list() -> None:
    apply = _apply("sysctl", "net/ipv4/conf/eth0.100/rp_filter")
    assert check_text(apply, "0", FACTS).answer is Answer.NEVER


_EDGES = [
    # sysctl, allowed, out of range
    (
        "sysctl",
        "vm.swappiness",
        ("0", "200"),
        ("-1", "201", "0x10", "010", "1e2", "", "1 2", "60;", "nan", "\u0669"),
    ),
    ("sysctl", "vm.vfs_cache_pressure", ("1", "1000"), ("0", "1001")),
    ("sysctl", "vm.dirty_ratio", ("1", "90"), ("0", "91", "100")),
    ("sysctl", "vm.dirty_bytes", ("1048576", str(MEMORY // 2)), ("0", "8192", str(MEMORY // 2 + 1))),
    (
        "sysctl",
        "vm.min_free_kbytes",
        ("1024", str(MEMORY // 20 // 1024)),
        ("0", "1023", str(MEMORY // 20 // 1024 + 1)),
    ),
    ("sysctl", "vm.nr_hugepages", ("0", "250"), ("-1", "251", "9999999")),
    ("sysctl", "vm.max_map_count", ("65530", "16777216"), ("0", "65529", "2147483647")),
    ("sysctl", "net.core.somaxconn", ("128", "65535"), ("0", "127", "65536")),
    ("sysctl", "net.core.rmem_max", ("4096", str(MEMORY // 20)), ("0", str(MEMORY // 20 + 1))),
    (
        "sysctl",
        "net.ipv4.tcp_rmem",
        ("4096 131072 6291456",),
        ("4096 131072", "6 5", "9000 8000 7000", "1 2 3 4")[1:],
    ),
    ("sysctl", "net.ipv4.tcp_fastopen", ("0", "3"), ("4", "7", "1027")),
    ("sysctl", "net.ipv4.tcp_congestion_control", ("cubic", "bbr"), ("evil", "cubic bbr", "0")),
    ("sysctl", "fs.file-max", ("65536", str(2**63 - 1)), ("0", "100")),
    ("sysctl", "kernel.sched_rt_runtime_us", ("950000",), ("-1", "0", "1000000")),
    ("sysctl", "kernel.numa_balancing", ("0", "2"), ("-1", "3")),
    (
        "sysfs",
        "kernel/mm/transparent_hugepage/enabled",
        ("always", "madvise"),
        ("sometimes", "1", "always never"),
    ),
    ("sysfs", "block/sda/queue/read_ahead_kb", ("0", "16384"), ("16385", "-1")),
    ("sysfs", "kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", ("0",), ("1",)),
    ("sysfs", "devices/system/cpu/cpu0/cpufreq/scaling_governor", ("performance",), ("userspace",)),
    ("postgres", "shared_buffers", ("128MB", "16384", "500MB"), ("501MB", "100kB", "1TB", "64PB", "-1")),
    ("postgres", "work_mem", ("4096", "64kB", "50MB"), ("51MB", "63kB")),
    ("postgres", "checkpoint_timeout", ("30", "30s", "1h"), ("29", "1d", "2h")),
    ("postgres", "fsync", ("on",), ("off", "false", "0")),
    ("postgres", "synchronous_commit", ("on", "local"), ("off",)),
    ("postgres", "random_page_cost", ("1.1", "4"), ("0.01", "1e3")),
    ("redis", "maxmemory", ("1mb", "900mb"), ("1k", "901mb", "100gb")),
    ("redis", "appendfsync", ("always", "everysec"), ("no",)),
    ("mysql", "innodb_flush_log_at_trx_commit", ("1",), ("0", "2")),
    ("mysql", "innodb_max_dirty_pages_pct", ("90",), ("100",)),
    ("pragma", "synchronous", ("normal", "FULL"), ("off", "0")),
    ("pragma", "journal_mode", ("wal",), ("off", "memory")),
    ("process", "nice", ("-10", "19"), ("-20", "20")),
    ("process", "affinity", ("0", "0-3", "0,2"), ("4", "0-4", "f", "", "0-", "0;1")),
    ("process", "policy", ("batch",), ("fifo", "rr")),
    ("process", "ionice", ("idle", "best-effort 0"), ("realtime 0", "best-effort 8")),
    ("env", "MALLOC_ARENA_MAX", ("1", "4"), ("-1", "x")),
]
_CASES = [
    (actuator, name, text, answer)
    for actuator, name, good, bad in _EDGES
    for answer, texts in ((Answer.ALLOWED, good), (Answer.BEYOND, bad))
    for text in texts
]


@pytest.mark.parametrize(("actuator", "name", "text", "answer"), _CASES)
def test_edges_of_the_safe_ranges(actuator: str, name: str, text: str, answer: Answer) -> None:
    ruling = check_text(_apply(actuator, name), text, FACTS)
    assert ruling.answer is answer, ruling
    assert ruling.range
    assert ruling.refused(allow_risk=False) == (answer is Answer.BEYOND)
    assert not ruling.refused(allow_risk=True)


@pytest.mark.parametrize(
    ("attribute", "text", "answer"),
    [
        ("cpu.weight", "100", Answer.ALLOWED),
        ("cpu.weight", "10001", Answer.BEYOND),
        ("cpu.max", "max", Answer.ALLOWED),
        ("cpu.max", "50000 100000", Answer.ALLOWED),
        ("cpu.max", "1 100000", Answer.BEYOND),
        ("cpuset.cpus", "0-1", Answer.ALLOWED),
        ("memory.max", "max", Answer.ALLOWED),
        ("memory.max", "1M", Answer.BEYOND),
        ("pids.max", "1", Answer.BEYOND),
        ("io.max", "8:0 rbps=1", Answer.UNKNOWN),
        ("cgroup.procs", "1", Answer.NEVER),
        ("cgroup.kill", "1", Answer.NEVER),
    ],
)
def test_edges_of_control_groups(attribute: str, text: str, answer: Answer) -> None:
    assert check_text(_apply("cgroup", "web", attribute=attribute), text, FACTS).answer is answer


@pytest.mark.parametrize(
    ("apply", "why"),
    [
        (_apply("sysfs", "power/state"), "only these are open"),
        (_apply("sysfs", "kernel/mm/../../power/state"), "out of its folder"),
        (_apply("sysfs", "devices/system/cpu/cpu0/driver/unbind"), "door"),
        (_apply("sysfs", "devices/system/cpu/cpu0/subsystem/drivers_probe"), "door"),
        (_apply("sysfs", "class/net/eth0/mtu"), "only these are open"),
        (_apply("sysfs", "block/sda/queue/write_cache"), "written"),
        (_apply("sysfs", "devices/system/cpu/cpu1/online"), "CPU"),
        (_apply("cgroup", "init.scope", attribute="cpu.weight"), "holds the system"),
        (_apply("cgroup", "/", attribute="cpu.weight"), "holds the system"),
        (_apply("cgroup", "x/../..", attribute="memory.max"), "out of its folder"),
        (_apply("sysctl", " kernel..core_pattern"), "root"),
        (_apply("postgres", ' "archive_command" '), "program"),
        (_apply("mysql", "@@global.init_connect"), "who may connect"),
        (_apply("pragma", "main.writable_schema"), "database"),
        (_apply("redis", "dir\t"), "file"),
        (_apply("process", "nice", of="sshd "), "sshd"),
        (_apply("process", "nice", of="systemd"), "systemd"),
        (_apply("process", "nice", of="sshd"), "sshd"),
        (_apply("pragma", "writable_schema"), "database"),
        (_apply("file", "nginx.conf", key="load_module"), "library"),
        (_apply("file", "nginx.conf", key="http.server.ssl_certificate"), "who may connect"),
        (_apply("file", "x.service", key="Service.ExecStart", format="systemd"), "what is run"),
        (_apply("file", "postgresql.conf", key="archive_command", format="keyvalue"), "program"),
        (_apply("file", "anything.conf", key="archive_command", format="keyvalue"), "program"),
        (_apply("file", "anything.conf", key="x.requirepass"), "who may connect"),
        (_apply("file", "nginx.conf", key='http."ssl_certificate"'), "who may connect"),
        (_apply("file", "nginx.conf", key='http."server_name a.b"."listen 80"'), "who may connect"),
        (_apply("file", "postgresql.conf", key="hba_file/"), "who may connect"),
        (_apply("file", "x.yaml", key='a."hba_file"'), "who may connect"),
        (_apply("file", "x.yaml", key="a.hba_file[0]"), "who may connect"),
        (_apply("file", "my.cnf", key="mysqld.plugin_dir"), "who may connect"),
        (_apply("file", "90-x.conf", key="-kernel/core_pattern", format="keyvalue"), "root"),
        (_apply("file", "/etc/ssh/sshd_config", key="MaxStartups"), "decides who"),
        (_apply("file", "pg_hba.conf", key="a"), "decides who"),
        (_apply("cgroup", "system.slice", attribute="memory.max"), "reached by"),
        (_apply("cgroup", "system.slice/ssh.service", attribute="memory.max"), "reached by"),
        (_apply("file", "99-sysctl.conf", key="kernel.core_pattern"), "root"),
    ],
    ids=str,
)
def test_never_stays_never_whatever_risk_is_allowed(apply: Apply, why: str) -> None:
    ruling = check_text(apply, "1", FACTS)
    assert ruling.answer is Answer.NEVER
    assert why in ruling.why
    assert ruling.refused(allow_risk=True)


_NEVER_KEYS = {
    "postgres": """
        archive_command Archive_Command restore_command archive_library ssl ssl_key_file
        shared_preload_libraries session_preload_libraries listen_addresses hba_file ident_file data_directory
        config_file plperl.on_init password_encryption unix_socket_directories log_directory search_path
        """,
    "redis": """
        dir DIR dbfilename requirepass masterauth bind-source-addr protected-mode loadmodule port aclfile
        enable-debug-command enable-module-command enable-protected-configs-command rename-command include
        """,
    "mysql": "plugin_dir init_connect secure_file_priv general_log_file datadir bind_address tmpdir",
    "env": """
        LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT PYTHONPATH PYTHONHOME PATH BASH_ENV IFS ENV PS4 GCONV_PATH
        NODE_OPTIONS JAVA_TOOL_OPTIONS PERL5OPT RUBYOPT GIT_SSH_COMMAND http_proxy BASH_FUNC_x HOME SHELLOPTS
        """,
}


@pytest.mark.parametrize(
    ("system", "key"), [(system, key) for system, keys in _NEVER_KEYS.items() for key in keys.split()]
)
def test_keys_that_open_a_service_or_run_code_are_never_set(system: str, key: str) -> None:
    assert check_text(_apply(system, key), "1", FACTS).answer is Answer.NEVER


@pytest.mark.parametrize(
    "apply",
    [
        _apply("sysctl", "vm.overcommit_memory"),
        _apply("sysctl", "vm.swapiness"),
        _apply("redis", "nosuch"),
        _apply("http", "http://127.0.0.1/x"),
        _apply("file", "app.ini", key="workers"),
        _apply("env", "MY_APP_CACHE"),
        Apply(actuator="argv"),
        Apply(actuator="plugin", options={"name": "x"}),
    ],
    ids=str,
)
def test_unknown_keys_wait_for_a_risk_that_is_allowed(apply: Apply) -> None:
    ruling = check_text(apply, "1", FACTS)
    assert ruling.answer is Answer.UNKNOWN
    assert ruling.refused(allow_risk=False)
    assert not ruling.refused(allow_risk=True)


def test_a_misspelt_key_is_told_the_one_that_is_meant() -> None:
    assert "Did you mean 'vm.swappiness'?" in check_text(_apply("sysctl", "vm.swapiness"), "1", FACTS).why


@pytest.mark.parametrize("text", ["1\n2", "1\0", "\x1b[2J", "a\u2028b"])
@pytest.mark.parametrize("apply", [_apply("sysctl", "vm.swappiness"), _apply("redis", "nosuch")])
def test_control_characters_are_never_written(text: str, apply: Apply) -> None:
    assert check_text(apply, text, FACTS).answer is Answer.NEVER


def test_what_depends_on_the_machine_is_refused_where_the_machine_is_not_known() -> None:
    assert check_text(_apply("sysctl", "vm.nr_hugepages"), "1", {}).answer is Answer.BEYOND
    assert check_text(_apply("process", "affinity"), "0", {}).answer is Answer.BEYOND


def test_a_refusal_says_the_range_in_the_keys_own_unit() -> None:
    why = check_text(_apply("sysctl", "vm.min_free_kbytes"), "99999999", FACTS).why
    assert why == (
        "sysctl vm.min_free_kbytes = '99999999' is out of range; "
        "safe is 1024 [1 MiB] to 51200 [50 MiB] (5 % of the memory)."
    )


def test_a_change_is_judged_by_the_text_that_is_written(make_change: Callable[..., Change]) -> None:
    sized = _apply("file", "postgresql.conf", key="work_mem", value="{value}MB")
    assert check(make_change("w", 4, apply=sized), FACTS).answer is Answer.ALLOWED
    assert check(make_change("w", 4096, apply=sized), FACTS).text == "4096MB"
    assert check(make_change("w", 4096, apply=sized), FACTS).answer is Answer.BEYOND
    fsync = _apply("file", "postgresql.conf", key="fsync")
    assert check(make_change("f", False, apply=fsync), FACTS).text == "off"
    assert (
        check(make_change("s", None, apply=_apply("sysctl", "vm.swappiness")), FACTS).answer is Answer.ALLOWED
    )


def test_a_study_is_told_which_ends_of_its_range_go_beyond() -> None:
    apply = _apply("sysctl", "vm.swappiness")
    assert ranges_beyond(apply, 0.0, 200.0, (), FACTS) == ()
    assert [r.text for r in ranges_beyond(apply, -5, 300, (), FACTS)] == ["-5", "300"]
    fsync = _apply("postgres", "fsync")
    assert [r.text for r in ranges_beyond(fsync, 0, 0, (True, False), FACTS)] == ["off"]
    assert {r.answer for r in ranges_beyond(_apply("sysctl", "kernel.sysrq"), 0, 1, (), FACTS)} == {
        Answer.NEVER
    }
    assert {r.answer for r in ranges_beyond(_apply("sysctl", "kernel.sysrq"), 0, 0, (), FACTS)} == {
        Answer.NEVER
    }
    huge = _apply("sysctl", "vm.nr_hugepages")
    assert [r.text for r in ranges_beyond(huge, 0, 251, (None,), FACTS)] == ["251"]


def test_what_is_refused_is_told_at_once_and_risk_lifts_all_but_the_nevers() -> None:
    rulings = [
        check_text(_apply("sysctl", key), "999", FACTS)
        for key in ("vm.swappiness", "x.y", "kernel.sysrq", "net.core.somaxconn")
    ]
    with pytest.raises(RefusedError) as caught:
        require(rulings)
    assert [key in str(caught.value) for key in ("swappiness", "x.y", "sysrq", "somaxconn")] == [True] * 3 + [
        False
    ]
    with pytest.raises(RefusedError) as caught:
        require(rulings, allow_risk=True)
    assert [key in str(caught.value) for key in ("swappiness", "x.y", "sysrq")] == [False, False, True]
    require([rulings[3]])


def test_never_names_only_the_changes_that_no_machine_takes(make_change: Callable[..., Change]) -> None:
    changes = [
        make_change("a", 1, apply=_apply("sysctl", key)) for key in ("vm.swappiness", "kernel.sysrq", "x.y")
    ]
    assert [ruling.place.key for ruling in never(changes)] == ["kernel.sysrq"]


@pytest.mark.parametrize("system", sorted(TABLES))
def test_no_key_is_both_allowed_and_never(system: str) -> None:
    table = TABLES[system]
    for pattern in table.allowed:
        key = re.sub(r"\[(.)[^]]*\]", r"\1", pattern).replace("*", "0").replace("?", "a")
        options = {"attribute": key} if system == "cgroup" else {}
        name = "group" if system == "cgroup" else key
        apply = _apply(system, name, **options)
        if system == "nginx":
            apply = _apply("file", "nginx.conf", key=key)
        if system == "systemd":
            apply = _apply("file", "x.service", key=f"Service.{key}")
        assert check_text(apply, None, FACTS).answer is Answer.ALLOWED, pattern


@pytest.mark.parametrize("table", sorted(TABLES))
def test_patterns_are_in_small_letters(table: str) -> None:
    for key in (*TABLES[table].allowed, *TABLES[table].never):
        assert key == key.casefold()


@pytest.mark.skipif(not Path("/proc/sys").is_dir(), reason="no Linux")
def test_every_sysctl_of_this_kernel_has_a_ruling_that_changes_nothing_by_itself() -> None:
    """Reads names alone: the never-list and the allow-list meet the real kernel's keys."""
    keys = [".".join(p.relative_to("/proc/sys").parts) for p in Path("/proc/sys").rglob("*") if p.is_file()]
    found = {key: check_text(_apply("sysctl", key), None, FACTS).answer for key in keys}
    assert found["vm.swappiness"] is Answer.ALLOWED
    assert found["kernel.core_pattern"] is Answer.NEVER
    suspects = re.compile(
        r"core_pattern|modprobe|sysrq|restrict|protected|rp_filter|redirect|panic|unprivileged"
    )
    assert {
        key for key, answer in found.items() if suspects.search(key) and answer is not Answer.NEVER
    } == set()
