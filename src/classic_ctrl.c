// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Classic BPF instructions as text.
 */
#include <stdbool.h>
#include <stdio.h>

#include <uapi/linux/filter.h>

#include "classic_ctrl.h"
#include "main.h"

/* How an instruction is written; its operand is a number, if @operand has a place for one. */
struct insn_form {
	__u16 code;
	const char *name;
	const char *operand;
};

static const struct insn_form forms[] = {
	{ BPF_RET | BPF_K,		"ret",	"#%d" },
	{ BPF_RET | BPF_A,		"ret",	"" },
	{ BPF_LD | BPF_W | BPF_ABS,	"ld",	"[%d]" },
	{ BPF_LD | BPF_H | BPF_ABS,	"ldh",	"[%d]" },
	{ BPF_LD | BPF_B | BPF_ABS,	"ldb",	"[%d]" },
	{ BPF_LD | BPF_W | BPF_LEN,	"ld",	"#pktlen" },
	{ BPF_LD | BPF_W | BPF_IND,	"ld",	"[x + %d]" },
	{ BPF_LD | BPF_H | BPF_IND,	"ldh",	"[x + %d]" },
	{ BPF_LD | BPF_B | BPF_IND,	"ldb",	"[x + %d]" },
	{ BPF_LD | BPF_IMM,		"ld",	"#0x%x" },
	{ BPF_LD | BPF_MEM,		"ld",	"M[%d]" },
	{ BPF_LDX | BPF_W | BPF_LEN,	"ldx",	"#pktlen" },
	{ BPF_LDX | BPF_IMM,		"ldx",	"#0x%x" },
	{ BPF_LDX | BPF_MSH | BPF_B,	"ldxb",	"4*([%d]&0xf)" },
	{ BPF_LDX | BPF_MEM,		"ldx",	"M[%d]" },
	{ BPF_ST,			"st",	"M[%d]" },
	{ BPF_STX,			"stx",	"M[%d]" },
	{ BPF_JMP | BPF_JA,		"ja",	"%d" },
	{ BPF_JMP | BPF_JGT | BPF_K,	"jgt",	"#0x%x" },
	{ BPF_JMP | BPF_JGE | BPF_K,	"jge",	"#0x%x" },
	{ BPF_JMP | BPF_JEQ | BPF_K,	"jeq",	"#0x%x" },
	{ BPF_JMP | BPF_JSET | BPF_K,	"jset",	"#0x%x" },
	{ BPF_JMP | BPF_JGT | BPF_X,	"jgt",	"x" },
	{ BPF_JMP | BPF_JGE | BPF_X,	"jge",	"x" },
	{ BPF_JMP | BPF_JEQ | BPF_X,	"jeq",	"x" },
	{ BPF_JMP | BPF_JSET | BPF_X,	"jset",	"x" },
	{ BPF_ALU | BPF_ADD | BPF_X,	"add",	"x" },
	{ BPF_ALU | BPF_SUB | BPF_X,	"sub",	"x" },
	{ BPF_ALU | BPF_MUL | BPF_X,	"mul",	"x" },
	{ BPF_ALU | BPF_DIV | BPF_X,	"div",	"x" },
	{ BPF_ALU | BPF_MOD | BPF_X,	"mod",	"x" },
	{ BPF_ALU | BPF_AND | BPF_X,	"and",	"x" },
	{ BPF_ALU | BPF_OR | BPF_X,	"or",	"x" },
	{ BPF_ALU | BPF_XOR | BPF_X,	"xor",	"x" },
	{ BPF_ALU | BPF_LSH | BPF_X,	"lsh",	"x" },
	{ BPF_ALU | BPF_RSH | BPF_X,	"rsh",	"x" },
	{ BPF_ALU | BPF_ADD | BPF_K,	"add",	"#%d" },
	{ BPF_ALU | BPF_SUB | BPF_K,	"sub",	"#%d" },
	{ BPF_ALU | BPF_MUL | BPF_K,	"mul",	"#%d" },
	{ BPF_ALU | BPF_DIV | BPF_K,	"div",	"#%d" },
	{ BPF_ALU | BPF_MOD | BPF_K,	"mod",	"#%d" },
	{ BPF_ALU | BPF_AND | BPF_K,	"and",	"#0x%x" },
	{ BPF_ALU | BPF_OR | BPF_K,	"or",	"#0x%x" },
	{ BPF_ALU | BPF_XOR | BPF_K,	"xor",	"#0x%x" },
	{ BPF_ALU | BPF_LSH | BPF_K,	"lsh",	"#%d" },
	{ BPF_ALU | BPF_RSH | BPF_K,	"rsh",	"#%d" },
	{ BPF_ALU | BPF_NEG,		"neg",	"" },
	{ BPF_MISC | BPF_TAX,		"tax",	"" },
	{ BPF_MISC | BPF_TXA,		"txa",	"" },
};

static const struct insn_form unknown = { 0, "unimp", "0x%x" };

static const struct insn_form *find_form(__u16 code)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++)
		if (forms[i].code == code)
			return &forms[i];
	return &unknown;
}

void ctrl_classic_text(const struct sock_filter *insn, size_t nr,
		       char text[CTRL_CLASSIC_LEN])
{
	const struct insn_form *form = find_form(insn->code);
	bool ja = insn->code == (BPF_JMP | BPF_JA);
	__u32 number = insn->k;
	char operand[24];

	if (form == &unknown)
		number = insn->code;
	else if (ja)
		number += nr + 1;
	snprintf(operand, sizeof(operand), form->operand, number);

	if (BPF_CLASS(insn->code) == BPF_JMP && !ja && form != &unknown)
		snprintf(text, CTRL_CLASSIC_LEN, "(%03zu) %-8s %-16s jt %zu\tjf %zu", nr,
			 form->name, operand, nr + 1 + insn->jt, nr + 1 + insn->jf);
	else
		snprintf(text, CTRL_CLASSIC_LEN, "(%03zu) %-8s %s", nr, form->name, operand);
}
