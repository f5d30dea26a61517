"""What each editor makes of chosen texts, byte for byte."""

from __future__ import annotations

import pytest

from autotune.actuate.edit import FORMATS, editor, format_of

CHANGED = [
    # keyvalue
    ("keyvalue", "# A=0\nA=1 # why\nB=2", "A", "7", "# A=0\nA=7 # why\nB=2"),
    ("keyvalue", "A=1\r\nB=2\r\n", "C", "3", "A=1\r\nB=2\r\nC=3\r\n"),
    ("keyvalue", "A=1\nB=2", "C", "3", "A=1\nB=2\nC=3"),
    ("keyvalue", "A=1\nA=2\n", "A", "3", "A=1\nA=3\n"),
    ("keyvalue", "export A=1\n", "B", "a b", "export A=1\nexport B='a b'\n"),
    ("keyvalue", "A=1\n", "A", "a#b 'c' \"d\" $e `f` \\g", 'A="a#b \'c\' \\"d\\" \\$e \\`f\\` \\\\g"\n'),
    ("keyvalue", 'A="x" # keep\n', "A", "y", 'A="y" # keep\n'),
    ("keyvalue", "vm.swappiness = 60\n", "net.ipv4.tcp_rmem", "4096 8192 1",
     "vm.swappiness = 60\nnet.ipv4.tcp_rmem = 4096 8192 1\n"),
    ("keyvalue", "A=#1\n", "A", "2", "A=2\n"),
    ("keyvalue", "A=1\n", "A", "", "A=\n"),
    ("keyvalue", "A=1\nB=2\nA=3\n", "A", None, "B=2\n"),
    ("keyvalue", "café=1\n", "café", "ü", "café='ü'\n"),
    ("keyvalue", "A=1\nif true; then\nB=2\nfi\n", "B", "3", "A=1\nif true; then\nB=3\nfi\n"),
    # ini
    ("ini", "[a]\nx = 1 ; why\n\n[b]\nx=2\n", "b.x", "3", "[a]\nx = 1 ; why\n\n[b]\nx=3\n"),
    ("ini", "[a]\nx = 1 ; why\n\n[b]\n", "a.y", "3", "[a]\nx = 1 ; why\ny = 3\n\n[b]\n"),
    ("ini", "[a]\nx = 1\n", "c.y", "3", "[a]\nx = 1\n\n[c]\ny = 3\n"),
    ("ini", "[mysqld]\nskip-name-resolve\nport=1", "mysqld.port", "2", "[mysqld]\nskip-name-resolve\nport=2"),
    ("ini", "x=1\n[a]\n", "y", "2", "x=1\ny=2\n[a]\n"),
    ("ini", "[a.b]\nx=1\n", '"a.b".x', "2", "[a.b]\nx=2\n"),
    ("ini", "[Session]\nsession.life = 1\n", "Session.session.life", "2", "[Session]\nsession.life = 2\n"),
    ("ini", "[a]\ncolor = #fff\n", "a.color", "#000", "[a]\ncolor = #000\n"),
    ("ini", "[a]\n\tx = 1\r\n\ty = 2\r\n", "a.x", None, "[a]\n\ty = 2\r\n"),
    # json
    ("json", '{"a": 1,\n "b": {"c": "x"}}', "b.c", "y", '{"a": 1,\n "b": {"c": "y"}}'),
    ("json", '{\n  "a": 1\n}\n', "b.c.d", "true", '{\n  "a": 1,\n  "b": {"c": {"d": true}}\n}\n'),
    ("json", '{"a":1}', "b", "2", '{"a":1,"b":2}'),
    ("json", '{"a": [1, {"b": 2}]}', "a.1.b", "3", '{"a": [1, {"b": 3}]}'),
    ("json", '{"a": 1, "b": 2}', "a", None, '{"b": 2}'),
    ("json", '{"a.b": 1, "c\\"": 2}', '"a.b"', "5", '{"a.b": 5, "c\\"": 2}'),
    ("json", '{"a": 1}', "a", '"1"', '{"a": "1"}'),
    ("json", '{"a": null}', "a.b", "1", '{"a": {"b": 1}}'),
    ("json", '{"a": "1.50"}', "a", "1.50", '{"a": 1.50}'),
    # yaml
    ("yaml", "a: 1   # why\nb:   2\n", "a", "7", "a: 7   # why\nb:   2\n"),
    ("yaml", "a:\r\n    b: 1\r\n# end\r\nc: 1\r\n", "a.d", "x y",
     "a:\r\n    b: 1\r\n    d: x y\r\n# end\r\nc: 1\r\n"),
    ("yaml", "a: 1", "b.c.d", "2", "a: 1\nb:\n  c:\n    d: 2"),
    ("yaml", "l:\n- n: 1\n- n: 2\n", "l.1.n", "3", "l:\n- n: 1\n- n: 3\n"),
    ("yaml", "a: {b: 1, c: 2}\n", "a.d", "3", "a: {b: 1, c: 2, d: 3}\n"),
    ("yaml", "a: &x {b: 1}\nc: *x\nd: 1\n", "d", "2", "a: &x {b: 1}\nc: *x\nd: 2\n"),
    ("yaml", "a: 'it''s' # c\n", "a", "isn't", "a: 'isn''t' # c\n"),
    ("yaml", "a: on\n", "a", "off", "a: off\n"),
    ("yaml", "a: x\n", "a", "off", 'a: "off"\n'),
    ("yaml", "a: # c\nb: 1\n", "a", "x", "a: x # c\nb: 1\n"),
    ("yaml", "a: # c\nb: 1\n", "a.k", "x", "a: # c\n  k: x\nb: 1\n"),
    ("yaml", "a: |\n  text\n\nb: 1\n", "b", None, "a: |\n  text\n\n"),
    ("yaml", "a: x\n", "a", "b: c #", 'a: "b: c #"\n'),
    # toml
    ("toml", "a = 1   # why\n[s]\nb='x' # c\n", "s.b", "y", "a = 1   # why\n[s]\nb='y' # c\n"),
    ("toml", "[s]\r\na = 1\r\n", "s.b", "2024-01-01", "[s]\r\na = 1\r\nb = 2024-01-01\r\n"),
    ("toml", "l = [1, 2] # c\n", "l.1", "3", "l = [1, 3] # c\n"),
    ("toml", "a = 1", "b", "true", "a = 1\nb = true"),
    # systemd
    ("systemd", "[Service]\nLimitNOFILE=1024\n\n[Install]\nWantedBy=x\n", "Service.CPUWeight", "200",
     "[Service]\nLimitNOFILE=1024\nCPUWeight=200\n\n[Install]\nWantedBy=x\n"),
    ("systemd", "[Service]\nNice=1\nNice=2\n", "Service.Nice", "3", "[Service]\nNice=1\nNice=3\n"),
    ("systemd", "[Service]\nExecStart=/a \\\n  # c\n  --b\nNice=1\n", "Service.ExecStart", "/c",
     "[Service]\nExecStart=/c\nNice=1\n"),
    ("systemd", "[Service]\nEnvironment=A=1\nEnvironment=\nEnvironment=B=1\n", "Service.Environment",
     "C=1 # x", "[Service]\nEnvironment=A=1\nEnvironment=\nEnvironment=C=1 # x\n"),
    ("systemd", "", "Service.Nice", "3", "[Service]\nNice=3\n"),
    # nginx
    ("nginx", "worker_processes 1; # why\n", "worker_processes", "auto", "worker_processes auto; # why\n"),
    ("nginx", "http {\n    server {\n        listen 80;\n    }\n}\n", "http.server.keepalive_timeout",
     "65 60", "http {\n    server {\n        listen 80;\n        keepalive_timeout 65 60;\n    }\n}\n"),
    ("nginx", "events { worker_connections 768; }\n", "events.multi_accept", "on",
     "events { worker_connections 768; multi_accept on; }\n"),
    ("nginx", "http {\n upstream a { keepalive 1; }\n upstream b.c { keepalive 2; }\n}\n",
     'http."upstream b.c".keepalive', "8",
     "http {\n upstream a { keepalive 1; }\n upstream b.c { keepalive 8; }\n}\n"),
    ("nginx", "http {\n  add_header A 1;\n  add_header B 2;\n}\n", "http.add_header B", '"x;{#"',
     'http {\n  add_header A 1;\n  add_header B "x;{#";\n}\n'),
    ("nginx", "a 1;\nb 2; # c\n", "b", None, "a 1;\n"),
    ("nginx", "a 1; b 2;\n", "b", None, "a 1;\n"),
    ("nginx", "http {\n  content_by_lua_block { if a { } }\n  a ${x}y;\n}\n", "http.a", "1",
     "http {\n  content_by_lua_block { if a { } }\n  a 1;\n}\n"),
    # postgres
    ("postgres", "#work_mem = 4MB\nwork_mem = 8MB # c\n", "work_mem", "64MB",
     "#work_mem = 4MB\nwork_mem = 64MB # c\n"),
    ("postgres", "work_mem 1MB\nWork_Mem='2MB'\ninclude 'x'", "work_mem", "3MB",
     "work_mem 1MB\nWork_Mem='3MB'\ninclude 'x'"),
    ("postgres", "# none\n", "log_line_prefix", "it's \\ #%m",
     "# none\nlog_line_prefix = 'it''s \\\\ #%m'\n"),
    ("postgres", "a.b = 1\n", "a.b", "-0.5", "a.b = -0.5\n"),
    ("postgres", "a = 1\nb = 2\nA = 3\n", "a", None, "b = 2\n"),
    # words
    ("words", "maxmemory 1gb\n# maxmemory 2gb\n", "maxmemory", "2gb", "maxmemory 2gb\n# maxmemory 2gb\n"),
    ("words", "save 900 1\nsave 300 10\n", "save 300", "20", "save 900 1\nsave 300 20\n"),
    ("words", 'notify-keyspace-events ""\n', "notify-keyspace-events", '"A\\x4b"',
     'notify-keyspace-events "A\\x4b"\n'),
    ("words", "client-output-buffer-limit normal 0 0 0\n", "client-output-buffer-limit normal", "1mb 1mb 60",
     "client-output-buffer-limit normal 1mb 1mb 60\n"),
    ("words", "MaxMemory 1gb\r\n", "maxmemory-policy", "allkeys-lru",
     "MaxMemory 1gb\r\nmaxmemory-policy allkeys-lru\r\n"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "entry", "value", "expected"), CHANGED)
def test_only_the_value_changes(name, text, entry, value, expected):
    assert editor(name).put(text, entry, value) == expected


READ = [
    ("keyvalue", "A=a b # c\n", "A", "a b"),
    ("keyvalue", "A=a\\ b\n", "A", "a\\ b"),
    ("keyvalue", "A=it # 's\n", "A", "it"),
    ("keyvalue", "a = it's # b\nb = 1\n", "b", "1"),
    ("keyvalue", 'A="x \\\n B=1"\nB=2\n', "B", "2"),
    ("keyvalue", "A='a # b'\n", "A", "a # b"),
    ("keyvalue", 'A="a \\"b\\" \\n"\n', "A", 'a "b" \\n'),
    ("keyvalue", "#A=1\n", "A", None),
    ("ini", '[a]\nx = "1 ; 2" ; c\n', "a.x", '"1 ; 2"'),
    ("ini", "[a]\nflag\n", "a.flag", ""),
    ("ini", "[A]\nx=1\n", "a.x", None),
    ("json", '{"a": "1"}', "a", '"1"'),
    ("json", '{"a": "\\ud83d\\ude00 \\u0000"}', "a", '"\\ud83d\\ude00 \\u0000"'),
    ("json", '{"a": 1e400}', "a", "1e400"),
    ("json", '{"a": [1]}', "a.7", None),
    ("yaml", "a: 010\nb: '010'\nc: ~\nd:\n", "a", "010"),
    ("yaml", "a: 010\nb: '010'\nc: ~\nd:\n", "b", '"010"'),
    ("yaml", "a: 010\nb: '010'\nc: ~\nd:\n", "d", "null"),
    ("yaml", "8080: x\n", "8080", "x"),
    ("toml", "a = 1_000\n", "a", "1_000"),
    ("toml", "a = '''it's'''\n", "a", "it's"),
    ("systemd", "[Service]\nExecStart=/a \\\n ; c\n b\n", "Service.ExecStart", "/a b"),
    ("systemd", "[Service]\nNice=1\n[Unit]\n[Service]\nNice = 5 \n", "Service.Nice", "5"),
    ("nginx", "log_format x 'a'\n  'b';\n", "log_format x", "'a'\n  'b'"),
    ("nginx", "a;\n", "a", ""),
    ("postgres", "a = 'it''s\\t\\101'\n", "a", "it's\tA"),
    ("postgres", "a=on#c\n", "a", "on"),
    ("words", "a  'b c'   d \n", "a", "'b c'   d"),
]


@pytest.mark.parametrize(("name", "text", "entry", "value"), READ)
def test_a_value_is_read_as_its_format_means_it(name, text, entry, value):
    assert editor(name).get(text, entry) == value
    assert editor(name).put(text, entry, value) == text


REFUSED = [
    ("keyvalue", 'A="x\ny"\n', "B", "1", "line 1: a quote is not closed"),
    ("keyvalue", 'A=--x="a\nB=2"\n', "B", "1", "line 1: a quote is not closed"),
    ("keyvalue", 'A="$B x"\n', "A", "1", "line 1: the value is expanded by the shell"),
    ("keyvalue", "A=1; B=2\n", "A", "3", "line 1: the line has more than a value"),
    ("keyvalue", "A=`x`\n", "A", "1", "line 1: the value is expanded by the shell"),
    ("keyvalue", 'A=a"b"\n', "A", "1", "line 1: the value is partly in quotes"),
    ("keyvalue", "A=1 \\\n2\n", "A", "1", "line 1: 'A' goes on over the end of the line"),
    ("keyvalue", "a = 1\n", "a", "x #y", "cannot stand here without quotes"),
    ("ini", "[a]\nx=1\nX=2\n", "a.x", "1", "'x' stands in lines 2, 3; programs differ"),
    ("ini", "[a]\nx=1\n y=2\n", "a.x", "3", "line 2: line 3 is indented deeper"),
    ("ini", "[a]\nx=1\n", "a.x", "b ;c", "would be read as a comment"),
    ("ini", "[a]\n= 1\n", "a.x", "1", "line 2: is neither"),
    ("json", "{", "a", "1", "line 1: is not JSON"),
    ("json", '{"a": 1,\n "a": 2}', "a", "3", "line 2: 'a' is given twice"),
    ("json", "[1]", "a", "3", "the outermost value is no object"),
    ("json", '{"a": {"b": 1}}', "a", "3", "line 1: 'a' is a mapping: name one value in it"),
    ("json", '{"a": 1}', "a.b", "3", "'a' is a single value, which has no 'b'"),
    ("json", '{"a": [1]}', "a.1", "3", "items cannot be added"),
    ("json", '{"a": [1]}', "a.0", None, "which cannot be taken away"),
    ("json", '{"a": NaN}', "a", "3", "NaN is not JSON"),
    ("json", "[" * 100_000, "a", "3", "is nested too deep"),
    ("yaml", "[" * 100_000, "a", "3", "is nested too deep"),
    ("yaml", "a: [1\n", "a", "3", "is not YAML"),
    ("yaml", "a: 1\n---\na: 2\n", "a", "3", "a second document begins"),
    ("yaml", "a: &x 1\nb: *x\n", "b", "3", "line 2: 'b' has an anchor, alias or tag"),
    ("yaml", "a: &x {c: 1}\nb: *x\n", "a.c", "3", "line 1: 'a' has an anchor, alias or tag"),
    ("yaml", "a: !!python/object/apply:os.system [x]\n", "a.0", "3", "has an anchor, alias or tag"),
    ("yaml", "a: |\n  x\n", "a", "3", "is a text of several lines"),
    ("yaml", "a: 1\na: 2\n", "a", "3", "line 2: 'a' is given twice"),
    ("yaml", "l:\n- a: 1\n  b: 2\n", "l.0.a", None, "stands behind something else in its line"),
    ("toml", "a = \n", "a", "1", "is not TOML"),
    ("toml", "a = 1\na = 2\n", "a", "1", "is not TOML"),
    ("toml", "[a]\nb = 1\n", "a", "1", "'a' is a table: name one value in it"),
    ("systemd", "[Service]\nEnvironment=A=1\nEnvironment=B=1\n", "Service.Environment", "C=1",
     "stands in lines 2, 3, which add up"),
    ("systemd", "[Service]\nNice=1\n", "Service.Nice", "1\\", "a backslash joins the next line"),
    ("systemd", "[Service]\nNice\n", "Service.Nice", "1", "line 2: is neither"),
    ("systemd", "Nice=1\n", "Nice", "2", "is in no section"),
    ("nginx", "http {\n server { a 1; }\n server { a 2; }\n}\n", "http.server.a", "3",
     "'server' fits 'server' in line 2, 'server' in line 3"),
    ("nginx", "a 1;\na 2;\n", "a", "3", "'a' fits 'a 1' in line 1, 'a 2' in line 2"),
    ("nginx", "http { }\n", "stream.server.a", "3", "is in a block that the text does not have"),
    ("nginx", "a 1;\n", "a", "1; b 2", "arguments are words"),
    ("nginx", "a 1;\n", "a", "{", "arguments are words"),
    ("nginx", "a 1;\n", "a", '"', "a quote is not closed"),
    ("nginx", "http {\n", "a", "1", "line 1: is not closed"),
    ("nginx", "a 1;\n}\n", "a", "1", "line 2: '}' is not expected here"),
    ("nginx", "http { a 1; }\n", "http", "1", "'http' is a block"),
    ("postgres", "a = b c\n", "x", "1", "line 1: is not `name = value`"),
    ("postgres", "a = 1\n", "include", "x", "is no entry"),
    ("words", 'a "b\n', "x", "1", "line 1: a quote is not closed"),
    ("words", 'a "b"c\n', "x", "1", "line 1: a quote is not closed"),
    ("words", "a b\n", "a", "", "an empty word is"),
    ("words", "save 900 1\nsave 300 10\n", "save", "1 1", "name the one, such as 'save 900'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "entry", "value", "message"), REFUSED)
def test_what_cannot_be_edited_is_told(name, text, entry, value, message):
    with pytest.raises(ValueError, match=r".") as told:
        editor(name).put(text, entry, value)
    assert message in str(told.value)


def test_a_format_that_is_not_known_is_told_with_the_known_ones():
    with pytest.raises(
        ValueError, match=r"format 'postgre' is not known. Known: .*Did you mean 'postgres'\?"
    ):
        editor("postgre")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/etc/postgresql/15/main/postgresql.conf", "postgres"),
        ("/var/lib/x/postgresql.auto.conf", "postgres"),
        ("/etc/nginx/nginx.conf", "nginx"),
        ("/etc/nginx/sites-enabled/default", "nginx"),
        ("/etc/redis/redis.conf", "words"),
        ("/etc/mysql/my.cnf", "ini"),
        ("/etc/systemd/system/x.service", "systemd"),
        ("/etc/systemd/system/x.service.d/autotune.conf", "systemd"),
        ("/etc/systemd/system.conf.d/x.conf", "systemd"),
        ("/etc/sysctl.d/60-x.conf", "keyvalue"),
        ("/etc/default/grub", "keyvalue"),
        ("app.env", "keyvalue"),
        ("app.properties", "keyvalue"),
        ("app.yml", "yaml"),
        ("app.yaml", "yaml"),
        ("app.toml", "toml"),
        ("app.json", "json"),
        ("app.conf", ""),
        ("app", ""),
    ],
)
def test_names_tell_formats(path, name):
    assert format_of(path) == name
    assert name in {*FORMATS, ""}
