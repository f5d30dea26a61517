"""The ways to apply a parameter that a profile file can say: each names a key, none a command or a path.

Where a service has its files or its socket is said by the person who applies the profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag

from autotune.core import url
from autotune.model.space import Apply
from autotune.profile.fields import Closed, Text

_BARE = r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$"
_PART = r"[A-Za-z0-9_:@+-](?:[A-Za-z0-9._:@+-]{0,62}[A-Za-z0-9_:@+-])?"  # no dot at either end, so no `..`

Bare: TypeAlias = Annotated[str, Field(pattern=_BARE)]
Word: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Variable: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]
Port: TypeAlias = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,4}$")]
ServerKey: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,127}$")]
Entry: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_./:@\[\]\" -]{0,199}$")]
SysctlName: TypeAlias = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}(?:[./][A-Za-z0-9_:@-]{1,64}){1,12}$", max_length=200),
]
SysfsPath: TypeAlias = Annotated[str, Field(pattern=rf"^{_PART}(?:/{_PART}){{1,15}}$", max_length=300)]
Group: TypeAlias = Annotated[str, Field(pattern=rf"^{_PART}(?:/{_PART}){{0,15}}$", max_length=300)]
Loopback: TypeAlias = Literal["127.0.0.1", "localhost", "::1"]


def _here(address: str) -> str:
    if not url.is_loopback(url.host(address)):
        raise ValueError(
            "leads to another machine; a profile reaches this one only, as http://127.0.0.1:8080/"
        )
    return address


Local: TypeAlias = Annotated[
    Text, Field(pattern=r"^https?://[A-Za-z0-9:._/?&=%~\[\]-]+$"), AfterValidator(_here)
]
LocalDsn: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^postgres(ql)?://(127\.0\.0\.1|localhost|\[::1\])?(:[1-9][0-9]{0,4})?(/[A-Za-z0-9_-]{1,63})?$"
    ),
]


class Host(Closed):
    """What every way to change the machine may say: how the value is written, and who has to hear of it."""

    value: Annotated[Text, Field(max_length=200, pattern=r"\{value\}")] | None = None
    bool: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}/[A-Za-z0-9_-]{1,32}$")] | None = None
    service: Bare | None = None


class Env(Closed):
    """A variable of the environment."""

    env: Variable


class Sysctl(Host):
    """A value below /proc/sys."""

    sysctl: SysctlName


class Sysfs(Host):
    """A value below /sys."""

    sysfs: SysfsPath


class Cgroup(Host):
    """An attribute of a control group, below the root of the groups."""

    cgroup: Group
    attribute: Annotated[str, Field(pattern=r"^[a-z]+(\.[a-z]+){1,2}$")]
    device: Annotated[str, Field(pattern=r"^[0-9]{1,5}:[0-9]{1,7}$")] | None = None


class Process(Host):
    """A property of the processes whose name is exactly `of`."""

    process: Literal["affinity", "nice", "ionice", "policy"]
    of: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:@+-]{1,15}$")]


class File(Host):
    """An entry of a configuration file of this name, wherever it stands."""

    file: Bare
    key: Entry
    format: Word | None = None


class Postgres(Host):
    """A parameter of a PostgreSQL server on this machine."""

    postgres: ServerKey
    dsn: LocalDsn | None = None


class MySql(Host):
    """A global variable of a MySQL server on this machine."""

    mysql: ServerKey
    host: Loopback | None = None
    port: Port | None = None


class Redis(Host):
    """A parameter of a Redis server on this machine."""

    redis: ServerKey
    host: Loopback | None = None
    port: Port | None = None


class Pragma(Host):
    """A pragma that a SQLite database of this name keeps."""

    pragma: Annotated[str, Field(pattern=r"^[A-Za-z_]{1,64}$")]
    database: Bare


class Http(Host):
    """A value that a service on this machine takes by HTTP."""

    http: Local
    method: Literal["PUT", "POST", "PATCH"] | None = None


FORMS: Mapping[str, type[Closed]] = {
    "env": Env,
    "sysctl": Sysctl,
    "sysfs": Sysfs,
    "cgroup": Cgroup,
    "process": Process,
    "file": File,
    "postgres": Postgres,
    "mysql": MySql,
    "redis": Redis,
    "pragma": Pragma,
    "http": Http,
}


def _plain(name: str) -> str:
    if name in FORMS:
        raise ValueError(f"needs to say what it sets, as {{{name}: ...}}")
    return name


def _which(written: Any) -> str | None:
    """The form that a mapping is written in: the only of its keys that names one."""
    if isinstance(written, Mapping):
        found = [name for name in FORMS if name in written]
        return found[0] if len(found) == 1 else None
    return "plain"


ApplyForm: TypeAlias = Annotated[
    Annotated[Word, AfterValidator(_plain), Tag("plain")]
    | Annotated[Env, Tag("env")]
    | Annotated[Sysctl, Tag("sysctl")]
    | Annotated[Sysfs, Tag("sysfs")]
    | Annotated[Cgroup, Tag("cgroup")]
    | Annotated[Process, Tag("process")]
    | Annotated[File, Tag("file")]
    | Annotated[Postgres, Tag("postgres")]
    | Annotated[MySql, Tag("mysql")]
    | Annotated[Redis, Tag("redis")]
    | Annotated[Pragma, Tag("pragma")]
    | Annotated[Http, Tag("http")],
    Discriminator(
        _which,
        custom_error_type="no_form",
        custom_error_message=f"is no way to apply a parameter; one key has to be of: {', '.join(FORMS)}",
    ),
]


def to_apply(form: str | Closed) -> Apply:
    """The `Apply` that a form means; the value of its first key is the option `name`."""
    if isinstance(form, str):
        return Apply(actuator=form)
    actuator = next(name for name, kind in FORMS.items() if isinstance(form, kind))
    given = {key: text for key, text in form.model_dump().items() if text is not None}
    options = {"name": given.pop(actuator), **given}
    return Apply(actuator=actuator, options=options)
