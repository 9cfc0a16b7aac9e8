# What differs between two dumps of the same control type, old and new.
# usage: jq -n -r --slurpfile old old.json --slurpfile new new.json -f examples/diff.jq
def name: .ifname // (.key | tostring);
def index: map({ key: .key | tojson, value: . }) | from_entries;
def members: [paths(scalars) as $path | { key: ($path | map(tostring) | join(".")), value: getpath($path) }] | from_entries;
($old[0] | index) as $old | ($new[0] | index) as $new |
	($old + $new | keys[]) as $key |
	if $old[$key] == null then "\($new[$key] | name) came"
	elif $new[$key] == null then "\($old[$key] | name) went"
	else
		($old[$key].value | members) as $was | ($new[$key].value | members) as $is |
		($was + $is | keys[]) as $member | select($was[$member] != $is[$member]) |
		"\($new[$key] | name) \($member): \($was[$member]) -> \($is[$member])"
	end
