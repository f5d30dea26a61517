"""The tables by system."""

from __future__ import annotations

from collections.abc import Mapping

from autotune.profile.limits.environment import ENVIRONMENT
from autotune.profile.limits.host import CGROUP, PRAGMA, PROCESS, SYSFS, SYSTEMD
from autotune.profile.limits.limit import Table
from autotune.profile.limits.postgres import POSTGRES
from autotune.profile.limits.services import MYSQL, NGINX, REDIS
from autotune.profile.limits.sysctl import SYSCTL

TABLES: Mapping[str, Table] = {
    "sysctl": SYSCTL,
    "sysfs": SYSFS,
    "cgroup": CGROUP,
    "process": PROCESS,
    "pragma": PRAGMA,
    "systemd": SYSTEMD,
    "postgres": POSTGRES,
    "redis": REDIS,
    "nginx": NGINX,
    "mysql": MYSQL,
    "env": ENVIRONMENT,
}
READERS = (POSTGRES, REDIS, NGINX, MYSQL, SYSTEMD, SYSCTL)
"""Tables of what reads files."""
_NO_KEY = Table(allowed={}, never={})


def table_of(system: str) -> Table:
    """The table of the system; an empty one where nothing is known of it."""
    return TABLES.get(system, _NO_KEY)
