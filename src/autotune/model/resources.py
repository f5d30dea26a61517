"""What every sample can tell of its cost: names and units of the resources."""

from __future__ import annotations

RESOURCES = {
    "wall_s": "s",
    "cpu_user_s": "s",
    "cpu_system_s": "s",
    "cpu_s": "s",
    "peak_memory_bytes": "B",
    "peak_anonymous_bytes": "B",
    "peak_pss_bytes": "B",
    "peak_process_bytes": "B",
    "peak_group_bytes": "B",
    "read_bytes": "B",
    "written_bytes": "B",
    "voluntary_switches": "",
    "involuntary_switches": "",
    "minor_faults": "",
    "major_faults": "",
    "peak_processes": "",
    "pressure_cpu_some_s": "s",
    "pressure_cpu_full_s": "s",
    "pressure_memory_some_s": "s",
    "pressure_memory_full_s": "s",
    "pressure_io_some_s": "s",
    "pressure_io_full_s": "s",
    "host_pressure_cpu_some_s": "s",
    "host_pressure_cpu_full_s": "s",
    "host_pressure_memory_some_s": "s",
    "host_pressure_memory_full_s": "s",
    "host_pressure_io_some_s": "s",
    "host_pressure_io_full_s": "s",
    "throttled_s": "s",
    "steal_s": "s",
    "foreign_cpu_s": "s",
    "host_cpu_s": "s",
    "load": "",
    "network_received_bytes": "B",
    "network_received_packets": "",
    "network_sent_bytes": "B",
    "network_sent_packets": "",
    "environment_bytes": "B",
    "monitor_cpu_share": "",
}
"""In the order in which they are shown; the resources of collectors come after them."""

SERVED = {
    "server_cpu_s": "s",
    "server_memory_bytes": "B",
    "server_read_bytes": "B",
    "server_written_bytes": "B",
    "service_restart_s": "s",
    "reset_s": "s",
}
"""The same of a service that the workload starts: those above are then the load's."""

KNOWN = {**RESOURCES, **SERVED}
"""All of them."""
