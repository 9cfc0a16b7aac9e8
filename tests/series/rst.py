#!/usr/bin/python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""Check a page of the kernel's documentation, in the kernel tree: as docutils reads it, and
that what it takes from sources (the directive kernel-doc, of which docutils knows nothing) is
documented there.

usage: rst.py PAGE
"""
import subprocess
import sys

from docutils.core import publish_string
from docutils.parsers.rst import Directive, directives
from docutils.utils import SystemMessage


class KernelDoc(Directive):
    required_arguments = 1
    option_spec = {"identifiers": directives.unchanged, "doc": directives.unchanged}

    def run(self):
        names = self.options.get("identifiers", "").split()
        command = ["scripts/kernel-doc", "-rst", "-sphinx-version", "3.0.0", "-Wall"]
        for name in names:
            command += ["-function", name]
        result = subprocess.run([*command, self.arguments[0]], check=False, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for name in names:
            if result.returncode or result.stderr or name not in result.stdout:
                raise self.error(f"{self.arguments[0]}: {name}: {result.stderr}")
        return []


directives.register_directive("kernel-doc", KernelDoc)
try:
    with open(sys.argv[1], encoding="utf-8") as page:
        publish_string(page.read(), source_path=sys.argv[1], writer_name="null",
                       settings_overrides={"syntax_highlight": "none", "report_level": 2,
                                           "halt_level": 2})
except SystemMessage:
    sys.exit(1)     # it has been said
