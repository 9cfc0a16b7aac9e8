/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The BTF of types.c */
	.section .rodata
	.balign 8
	.global fuzz_btf, fuzz_btf_end
fuzz_btf:
	.incbin FUZZ_BTF
	.balign 2
fuzz_btf_end:
	.section .note.GNU-stack, "", @progbits
