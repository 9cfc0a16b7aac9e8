# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The layout of all types named bpf_ctrl_... in what "bpftool -j btf dump" prints: a line
# "struct NAME SIZE" and for each member "NAME.MEMBER OFFSET SIZE TYPE", in bytes; of an enum
# the constants with their values; "typedef NAME SIZE TYPE".
(.types | INDEX(.id)) as $types |

def of(id): $types[id | tostring];

def size: if .kind == "ARRAY" then .nr_elems * (of(.type_id) | size)
	elif has("size") then .size
	else of(.type_id) | size end;

def type: if .kind == "ARRAY" then "\(of(.type_id) | type)[\(.nr_elems)]"
	elif .kind == "STRUCT" or .kind == "ENUM" then "\(.kind | ascii_downcase) \(.name)"
	else .name end;

def members: .name as $of | .members[] |
	"\($of).\(.name) \(.bits_offset / 8) \(of(.type_id) | size) \(of(.type_id) | type)";

def constants: .name as $of | .values[] | "\($of).\(.name) \(.val)";

.types | map(select(.name | startswith("bpf_ctrl_")) |
	if .kind == "TYPEDEF" then [ "typedef \(.name) \(size) \(of(.type_id) | type)" ]
	elif has("members") then [ "struct \(.name) \(.size)", members ]
	elif has("values") then [ "enum \(.name) \(.size)", constants ]
	else empty end) |
sort[][]
