// Command process-node is a Kubernetes node, or several, whose pods are processes of this machine, in namespaces of their own
// for mounts, process numbers and network: for tests of what needs running pods where there are no images. It needs root.
//
// When it ends, however that happens, the kernel ends all processes of its pods and takes their mounts and networks away.
// Started again, it treats them as after a reboot: the pods are started again, and claims and emptyDirs are as they were.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"swarmstack.dev/tools/process-node/program/internal/container"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == container.StageCommand {
		container.Stage()
	}
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: process-node CONFIG.json READY; something is written to the file READY once pods run")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "process-node:", err)
		os.Exit(1)
	}
}
