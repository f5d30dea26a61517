"""Ways to read and write one value on this machine; standard library only, as the guardian restores by them.

A means is a module of four functions. `address` is plain data; texts are str, None is a value that is
not there.

    read(address) -> str | None             the value now, in its normal form; raises OSError
    write(address, value)                   sets it (None: takes it away); raises OSError
    identity(address) -> str                what tells the place from a later one of its name; "" needs none
    by_hand(address, value) -> str          the shell command by which a person writes `value`
"""
