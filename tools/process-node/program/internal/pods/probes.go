package pods

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"swarmstack.dev/tools/process-node/program/internal/container"
)

// startProbes asks how the container is until ctx ends: first whether it has started, then whether it is ready and alive.
func (r *runner) startProbes(ctx context.Context, process *container.Process, unwell chan<- string) {
	if r.init {
		return
	}
	fail := func(kind string) func(string) {
		return func(message string) {
			r.pod.warn("Unhealthy", "%s probe of container %s failed: %s", kind, r.spec.Name, message)
		}
	}
	give := func(reason string) {
		select {
		case unwell <- reason:
		default:
		}
	}
	if probe := r.spec.StartupProbe; probe != nil {
		if !r.ask(ctx, process, probe, fail("Startup"), func(well bool) bool {
			if !well {
				give("failed startup probe")
			}
			return false
		}) {
			return
		}
	}
	started := true
	r.change(func(status *corev1.ContainerStatus) {
		status.Started = &started
		status.Ready = r.spec.ReadinessProbe == nil
	})
	if probe := r.spec.LivenessProbe; probe != nil {
		go r.ask(ctx, process, probe, fail("Liveness"), func(well bool) bool {
			if !well {
				give("failed liveness probe")
			}
			return well
		})
	}
	if probe := r.spec.ReadinessProbe; probe != nil {
		r.ask(ctx, process, probe, fail("Readiness"), func(well bool) bool {
			if ctx.Err() == nil {
				r.change(func(status *corev1.ContainerStatus) { status.Ready = well })
			}
			return true
		})
	}
}

// ask probes again and again and tells each change, until it is told to stop or ctx ends; it returns the last answer.
func (r *runner) ask(ctx context.Context, process *container.Process, probe *corev1.Probe, failed func(string), tell func(bool) bool) bool {
	period := seconds(probe.PeriodSeconds, 10)
	if !pause(ctx, seconds(probe.InitialDelaySeconds, 0)) {
		return false
	}
	good, bad, known, last := int32(0), int32(0), false, false
	for {
		err := r.probe(ctx, process, probe)
		if ctx.Err() != nil {
			return last
		}
		if err == nil {
			good, bad = good+1, 0
		} else {
			good, bad = 0, bad+1
			failed(err.Error())
		}
		well := good >= max(probe.SuccessThreshold, 1)
		ill := bad >= threshold(probe)
		if (well && !(known && last)) || (ill && !(known && !last)) {
			known, last = true, well
			if !tell(well) {
				return well
			}
		}
		if !pause(ctx, period) {
			return last
		}
	}
}

func (r *runner) probe(ctx context.Context, process *container.Process, probe *corev1.Probe) error {
	ctx, cancel := context.WithTimeout(ctx, seconds(probe.TimeoutSeconds, 1))
	defer cancel()
	switch {
	case probe.Exec != nil:
		output := &strings.Builder{}
		code, err := process.Exec(ctx, probe.Exec.Command, container.Streams{Stdout: output, Stderr: output})
		if err == nil && code != 0 {
			err = fmt.Errorf("exit code %d: %s", code, output)
		}
		return err
	case probe.HTTPGet != nil:
		return r.get(ctx, probe.HTTPGet)
	case probe.TCPSocket != nil:
		connection, err := r.pod.machine.Network.Dial(ctx, "tcp", r.at(probe.TCPSocket.Host, probe.TCPSocket.Port))
		if err == nil {
			connection.Close()
		}
		return err
	}
	return fmt.Errorf("a kind of probe that this node does not know")
}

func (r *runner) get(ctx context.Context, how *corev1.HTTPGetAction) error {
	scheme := strings.ToLower(firstOf(string(how.Scheme), "http"))
	path := firstOf(how.Path, "/")
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+r.at(how.Host, how.Port)+path, nil)
	if err != nil {
		return err
	}
	for _, header := range how.HTTPHeaders {
		request.Header.Add(header.Name, header.Value)
	}
	answer, err := probeClient(r.pod.machine.Network.Dial).Do(request)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode >= 400 {
		return fmt.Errorf("HTTP status %d", answer.StatusCode)
	}
	return nil
}

func (r *runner) at(host string, port intstr.IntOrString) string {
	number := port.IntValue()
	for _, one := range r.spec.Ports {
		if port.Type == intstr.String && one.Name == port.StrVal {
			number = int(one.ContainerPort)
		}
	}
	return net.JoinHostPort(firstOf(host, r.pod.place.Address.String()), strconv.Itoa(number))
}

func threshold(probe *corev1.Probe) int32 {
	if probe.FailureThreshold == 0 {
		return 3
	}
	return probe.FailureThreshold
}

func seconds(value, standard int32) time.Duration {
	if value == 0 {
		value = standard
	}
	return time.Duration(value) * time.Second
}

func pause(ctx context.Context, duration time.Duration) bool {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
