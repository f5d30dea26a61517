"""Units and drop-ins of systemd: "Service.LimitNOFILE" is LimitNOFILE= in [Service].

Of a key that is given several times the last counts, and an empty one takes back those before it. Keys of
which each line adds to those before (Environment=, ExecStart=) can only be edited where one line gives them.
The value is the text as it stands, quotes included; comments are lines of their own (systemd.syntax(7)).
configparser's kin refuses repeated keys and re-spaces what it changes, so this is code of our own.
"""

from __future__ import annotations

import re

from autotune.actuate.edit.lines import body, fault, proven, removed, replaced, split
from autotune.actuate.edit.sections import HEADER, Given, Sections, add, named

_ADDING = re.compile(
    r"Environment|EnvironmentFile|PassEnvironment|UnsetEnvironment|(Exec|Listen)\w+|Condition\w+|Assert\w+"
    r"|After|Before|Wants|Requires|Requisite|BindsTo|PartOf|Upholds|Conflicts|On(Success|Failure)|Documentation"
    r"|WantedBy|RequiredBy|Also|Alias|CPUAffinity|NUMAMask|AllowedCPUs|AllowedMemoryNodes|SystemCallFilter"
    r"|(Read|Write|Exec|NoExec|Inaccessible|ReadOnly|ReadWrite|BindReadOnly|Bind)Paths|DeviceAllow|\w+Device\w+"
    r"|(IPAddress|Socket\w+)(Allow|Deny|Bind\w+)|CapabilityBoundingSet|AmbientCapabilities|SupplementaryGroups"
    r"|RestrictAddressFamilies|LoadCredential\w*|SetCredential\w*|\w+Directory|On(Calendar|BootSec|\w+Sec)|DNS"
)
_RESETS = ""
_SPACE = " \t"


def get(text: str, entry: str) -> str | None:
    """The value that systemd goes by; lines joined by a backslash as one."""
    found = _effective(_read(split(text)), *named(entry, "Service.LimitNOFILE"))
    return found.value if found else None


@proven(get)
def put(text: str, entry: str, value: str | None) -> str:
    """`text` with the value in the line that systemd goes by, else in a new one at the end of its section."""
    lines = split(text)
    section, key = named(entry, "Service.LimitNOFILE")
    sections = _read(lines)
    found = _effective(sections, section, key)
    if value is None:
        gone = [each for each in sections.given if (each.section, each.key) == (section, key)]
        return removed(lines, [at for each in gone for at in range(each.first, each.last + 1)])
    if value != value.strip() or value.endswith("\\"):
        raise ValueError(
            f"'{value}' cannot stand here: spaces around it get lost, a backslash joins the next line"
        )
    if section == "":
        raise ValueError(f"'{entry}' is in no section; name one, such as Service.{key}")
    if found is None:
        return add(lines, sections, section, f"{key}={value}")
    tail = "" if found.last > found.first else body(lines[found.first])[len(found.head) + len(found.source) :]
    return replaced(lines, found.first, found.head + value + tail, through=found.last)


def _effective(sections: Sections, section: str, key: str) -> Given | None:
    found = [each for each in sections.given if (each.section, each.key) == (section, key)]
    since = max((n for n, each in enumerate(found) if each.value == _RESETS), default=-1)
    if since < len(found) - 2 and _ADDING.fullmatch(key):
        places = ", ".join(str(each.first + 1) for each in found[since + 1 :])
        raise ValueError(
            f"'{section}.{key}' stands in lines {places}, which add up; only one line can be edited"
        )
    return found[-1] if found else None


def _read(lines: list[str]) -> Sections:
    given: list[Given] = []
    headers: list[tuple[str, int]] = []
    at = 0
    while at < len(lines):
        line = body(lines[at])
        first, at = at, at + 1
        if not line.strip() or line.lstrip()[0] in "#;":
            continue
        if header := HEADER.fullmatch(line):
            headers.append((header["name"], first))
            continue
        more, last = _joined(lines, first)
        key, equal, rest = (line.removesuffix("\\") if last > first else line).partition("=")
        if not equal or not key.strip(_SPACE):
            raise fault(first + 1, "is neither [Section] nor Key=value")
        source = rest.strip(_SPACE)
        head = f"{key}={rest[: len(rest) - len(rest.lstrip(_SPACE))]}"
        section = headers[-1][0] if headers else ""
        given.append(
            Given(
                section=section, key=key.strip(_SPACE), first=first, last=last, head=head, source=source,
                value=f"{source} {more}".strip() if last > first else source,
            )
        )  # fmt: skip
        at = last + 1
    return Sections(given, headers)


def _joined(lines: list[str], first: int) -> tuple[str, int]:
    """What the lines after `first` add to it, and the last of them; comments between do not end it."""
    pieces = []
    last = first
    more = body(lines[first]).endswith("\\")
    while more and last + 1 < len(lines):
        last += 1
        line = body(lines[last])
        if line.lstrip()[:1] not in {"#", ";"} or not line.strip():
            more = line.endswith("\\")
            pieces.append(line.removesuffix("\\").strip())
    return " ".join(pieces), last
