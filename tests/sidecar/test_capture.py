from binascii import a2b_base64

from hypothesis import given
from hypothesis import strategies as st

from autotune.sidecar.capture import Capture


@given(st.lists(st.binary(max_size=40)), st.integers(0, 30))
def test_head_and_tail_are_the_ends_of_the_stream(chunks: list[bytes], cap: int) -> None:
    capture = Capture(cap)
    for chunk in chunks:
        capture.add(chunk)
    answer = capture.answer()
    stream, rest = b"".join(chunks), b"".join(chunks)[cap:]
    assert a2b_base64(str(answer["head"])) == stream[:cap]
    assert a2b_base64(str(answer["tail"])) == (rest[-cap:] if cap else b"")
    assert answer["total"] == len(stream)


def test_long_stream_does_not_grow_the_memory_held() -> None:
    capture = Capture(1000)
    for _ in range(1000):
        capture.add(b"x" * 999)
        assert len(capture._head) + len(capture._tail) <= 3000
