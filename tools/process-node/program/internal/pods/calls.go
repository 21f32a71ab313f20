package pods

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"

	"github.com/virtual-kubelet/virtual-kubelet/errdefs"
	"github.com/virtual-kubelet/virtual-kubelet/node/api"
	utilexec "k8s.io/utils/exec"

	"swarmstack.dev/tools/process-node/program/internal/container"
	"swarmstack.dev/tools/process-node/program/internal/network"
)

func (m *Machine) runner(namespace, pod, name string) (*runner, error) {
	found := m.Find(namespace, pod)
	if found == nil {
		return nil, errdefs.NotFoundf("pod %s/%s does not run here", namespace, pod)
	}
	for _, one := range append(append([]*runner{}, found.inits...), found.mains...) {
		if one.spec.Name == name {
			return one, nil
		}
	}
	return nil, errdefs.NotFoundf("pod %s/%s has no container %s", namespace, pod, name)
}

// Logs are the lines that a container wrote.
func (m *Machine) Logs(ctx context.Context, namespace, pod, name string, wanted api.ContainerLogOpts) (io.ReadCloser, error) {
	one, err := m.runner(namespace, pod, name)
	if err != nil {
		return nil, err
	}
	one.mu.Lock()
	log := one.log
	if wanted.Previous {
		log = one.old
	}
	one.mu.Unlock()
	if log == nil {
		return nil, errdefs.NotFoundf("container %s has no log", name)
	}
	return log.Read(ctx, logOptions(wanted))
}

// Exec runs a command in a container.
func (m *Machine) Exec(ctx context.Context, namespace, pod, name string, args []string, streams api.AttachIO) error {
	one, err := m.runner(namespace, pod, name)
	if err != nil {
		return err
	}
	if streams.TTY() {
		return fmt.Errorf("this node has no terminals (leave out -t)")
	}
	one.mu.Lock()
	process := one.process
	one.mu.Unlock()
	if process == nil {
		return fmt.Errorf("container %s does not run", name)
	}
	code, err := process.Exec(ctx, args, container.Streams{
		Stdin: streams.Stdin(), Stdout: writer(streams.Stdout()), Stderr: writer(streams.Stderr()),
	})
	if err == nil && code != 0 {
		err = utilexec.CodeExitError{Err: fmt.Errorf("command terminated with exit code %d", code), Code: code}
	}
	return err
}

// writer keeps an absent stream absent: a nil of a concrete type is none.
func writer(stream io.WriteCloser) io.Writer {
	if stream == nil {
		return nil
	}
	return stream
}

// Forward connects a stream with a port of a pod.
func (m *Machine) Forward(ctx context.Context, namespace, pod string, port int32, stream io.ReadWriteCloser) error {
	found := m.Find(namespace, pod)
	if found == nil || found.place == nil {
		return errdefs.NotFoundf("pod %s/%s does not run here", namespace, pod)
	}
	where := net.JoinHostPort(found.place.Address.String(), strconv.Itoa(int(port)))
	connection, err := m.Network.Dial(ctx, "tcp", where)
	if err != nil {
		return err
	}
	network.Join(stream, connection)
	return nil
}
