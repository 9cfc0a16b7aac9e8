# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# What tests of redirects share: a device under test that receives from src and redirects
# to dst, made anew for each test, while statistics are on.
#
#	src/s0 --- dut/d0  dut/d1 --- dst/t1

load ../lib/traffic

# The devices' MTU, which a test file may change.
MTU=1500

setup_file()
{
	namespaces src dut dst
	load_programs
	bpftool ctrl xdp set stats on
}

setup()
{
	pair src/s0 dut/d0 "$MTU"
	pair dut/d1 dst/t1 "$MTU"
	napi dst/t1
}

teardown()
{
	remove src/s0 dut/d1
}

# through MODE PROGRAM: d0 redirects 70 frames to d1, and t1 receives them.
through()
{
	attach "$1" dut/d0 "$2"
	frames 70 100 src/s0 dut/d0=0 dst/t1=70
	counted dut/d0 packets=70 bytes=7000 redirect=70
	counted dut/d1 xmit_packets=70 xmit_bytes=7000
	[ "$(shown dut)" = "d0 d1" ]
	[ "$(shown src)$(shown dst)" = "" ]
	[ "$1" = generic ] || {
		driver_counted dut/d0 xdp_packets=70 xdp_redirect=70 drops=0
		driver_counted dut/d1 xdp_xmit=70 xdp_xmit_errors=0
	}
}
