# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""usage: bcc_table.py PIN KEY-SIZE VALUE-SIZE OFFSET

What bcc finds behind a PIN: each key, and what 64 bits at OFFSET of its value are.
"""
import ctypes
import os
import sys

from bcc import lib


def check(err, what):
    if err < 0:
        sys.exit(f"can't {what}: {os.strerror(ctypes.get_errno())}")
    return err


pin = sys.argv[1].encode()
key_size, value_size, offset = map(int, sys.argv[2:])
key = ctypes.create_string_buffer(key_size)
value = ctypes.create_string_buffer(value_size)
fd = check(lib.bpf_obj_get(pin), "open the pin")
err = check(lib.bpf_get_first_key(fd, key, key_size), "get the first key")
while err == 0:
    check(lib.bpf_lookup_elem(fd, key, value), "look up")
    print(int.from_bytes(key.raw, "little"),
          int.from_bytes(value.raw[offset:offset + 8], "little"))
    err = lib.bpf_get_next_key(fd, key, key)
