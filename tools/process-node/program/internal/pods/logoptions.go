package pods

import (
	"time"

	"github.com/virtual-kubelet/virtual-kubelet/node/api"

	"swarmstack.dev/tools/process-node/program/internal/container"
)

// logOptions reads those of the kubelet's API, where a tail of 0 stands for all lines.
func logOptions(wanted api.ContainerLogOpts) container.LogOptions {
	options := container.LogOptions{
		Tail: -1, LimitBytes: wanted.LimitBytes, Timestamps: wanted.Timestamps, Follow: wanted.Follow, Since: wanted.SinceTime,
	}
	if wanted.Tail > 0 {
		options.Tail = wanted.Tail
	}
	if wanted.SinceSeconds > 0 {
		options.Since = time.Now().Add(-time.Duration(wanted.SinceSeconds) * time.Second)
	}
	return options
}
