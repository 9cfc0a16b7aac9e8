// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The only program in the initramfs of a kernel whose drivers are modules. There is no
 * init: the kernel mounts its root itself, and calls /sbin/modprobe for the file system.
 * That loads /modules/1, /modules/2 and so on: what the root needs, and the devices.
 *
 * Calls for anything else come earlier (ciphers) and are refused.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char name[16];
	int fd, n;

	if (strcmp(argv[argc - 1], "fs-9p") || chdir("/modules"))
		return 1;

	for (n = 1; ; n++) {
		snprintf(name, sizeof(name), "%d", n);
		fd = open(name, O_RDONLY);
		if (fd < 0)
			return 0;
		if (syscall(SYS_finit_module, fd, "", 0))
			return 1;
		close(fd);
	}
}
