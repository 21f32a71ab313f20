package pods

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"swarmstack.dev/tools/process-node/program/internal/container"
)

// lost is the exit status of a container that ended together with its node.
const lost = 137

// runner runs one container of a pod, again where its pod asks for that.
type runner struct {
	pod  *Pod
	spec *corev1.Container
	init bool

	mu       sync.Mutex
	status   corev1.ContainerStatus
	process  *container.Process
	log, old *container.Log
}

func newRunner(pod *Pod, spec *corev1.Container, known []corev1.ContainerStatus, init bool) *runner {
	r := &runner{pod: pod, spec: spec, init: init}
	for _, status := range known {
		if status.Name == spec.Name {
			r.status = status
		}
	}
	r.status.Name, r.status.Image = spec.Name, spec.Image
	r.status.Ready, r.status.Started = false, new(bool)
	if running := r.status.State.Running; running != nil {
		// The node has been killed, and the container with it.
		r.status.State = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
			ExitCode: lost, Reason: "ContainerStatusUnknown", Message: "The container ended with its node",
			StartedAt: running.StartedAt, FinishedAt: metav1.Now(), ContainerID: r.status.ContainerID,
		}}
	}
	if r.status.State.Terminated == nil {
		r.status.State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}
	}
	return r
}

// run returns when the container has ended for good: true if it did its work.
func (r *runner) run() bool {
	delays := backoff{longest: r.pod.machine.LongestRestartDelay}
	if done := r.status.State.Terminated; done != nil {
		if !r.again(done.ExitCode) {
			return done.ExitCode == 0
		}
		r.nextRun()
	}
	for {
		began := time.Now()
		code, ok := r.runOnce()
		if !ok {
			return false
		}
		if r.pod.life.Err() != nil || !r.again(code) {
			return code == 0
		}
		if delay := delays.after(time.Since(began)); delay > 0 {
			r.backOff(code, delay)
			if !r.pod.sleep(delay) {
				return false
			}
		}
		r.nextRun()
	}
}

// again says whether a container that ended with this code is started once more.
func (r *runner) again(code int32) bool {
	switch r.pod.current().Spec.RestartPolicy {
	case corev1.RestartPolicyNever:
		return false
	case corev1.RestartPolicyOnFailure:
		return code != 0
	}
	return !r.init || code != 0
}

func (r *runner) nextRun() {
	r.change(func(status *corev1.ContainerStatus) {
		status.RestartCount++
		wait(status, "ContainerCreating", "")
	})
}

// wait remembers how the last run ended.
func wait(status *corev1.ContainerStatus, reason, message string) {
	if status.State.Terminated != nil {
		status.LastTerminationState = status.State
	}
	status.State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}
}

func (r *runner) backOff(code int32, delay time.Duration) {
	message := fmt.Sprintf("back-off %s restarting failed container=%s, which ended with %d", delay, r.spec.Name, code)
	r.pod.warn("BackOff", "%s", message)
	r.change(func(status *corev1.ContainerStatus) { wait(status, "CrashLoopBackOff", message) })
}

// runOnce starts the container and waits for its end; false when the pod is to stop before it could be started.
func (r *runner) runOnce() (int32, bool) {
	spec, ok := r.describe()
	if !ok {
		return 0, false
	}
	defer os.RemoveAll(spec.Scratch)
	log, err := r.openLog()
	if err != nil {
		return r.startFailed(err), true
	}
	defer log.Close()
	process, err := container.Start(spec, r.pod.place.Space, log.Stream("stdout"), log.Stream("stderr"))
	if err != nil {
		return r.startFailed(err), true
	}
	id := fmt.Sprintf("process://%d", process.PID())
	began := metav1.Now()
	r.mu.Lock()
	r.process = process
	r.mu.Unlock()
	r.change(func(status *corev1.ContainerStatus) {
		status.ContainerID = id
		status.State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: began}}
	})
	r.pod.tell("Started", "Started container %s as %s", r.spec.Name, process)
	r.watch(process)
	log.Close()
	code := int32(process.ExitCode())
	reason := "Completed"
	if code != 0 {
		reason = "Error"
	}
	r.ended(corev1.ContainerStateTerminated{ExitCode: code, Reason: reason, StartedAt: began, ContainerID: id})
	return code, true
}

func (r *runner) startFailed(err error) int32 {
	r.pod.warn("Failed", "container %s: %v", r.spec.Name, err)
	r.ended(corev1.ContainerStateTerminated{ExitCode: 128, Reason: "StartError", Message: err.Error(), StartedAt: metav1.Now()})
	return 128
}

func (r *runner) ended(how corev1.ContainerStateTerminated) {
	how.FinishedAt = metav1.Now()
	r.change(func(status *corev1.ContainerStatus) {
		status.Ready, status.Started = false, new(bool)
		status.State = corev1.ContainerState{Terminated: &how}
	})
}

// describe works out how the container is made, and tries again while an object that it needs is not there.
func (r *runner) describe() (container.Spec, bool) {
	delay := 500 * time.Millisecond
	for r.pod.life.Err() == nil {
		spec, reason, err := r.pod.containerSpec(r.pod.life, r.spec)
		if err == nil {
			return spec, true
		}
		r.pod.warn("Failed", "container %s: %v", r.spec.Name, err)
		r.change(func(status *corev1.ContainerStatus) { wait(status, reason, err.Error()) })
		r.pod.sleep(delay)
		delay = min(2*delay, longestRetryWait)
	}
	return container.Spec{}, false
}

func (r *runner) openLog() (*container.Log, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	folder := filepath.Join(r.pod.folder, "logs", r.spec.Name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	log, err := container.OpenLog(filepath.Join(folder, fmt.Sprintf("%d.log", r.status.RestartCount)))
	if err != nil {
		return nil, err
	}
	r.old, r.log = r.log, log
	return log, nil
}

// watch returns when the process has ended, by itself or because its pod or a probe wants it to.
func (r *runner) watch(process *container.Process) {
	probing, endProbes := context.WithCancel(r.pod.life)
	defer endProbes()
	unwell := make(chan string, 1)
	go r.startProbes(probing, process, unwell)
	grace := r.grace()
	select {
	case <-process.Done():
		return
	case reason := <-unwell:
		r.pod.tell("Killing", "Container %s %s, will be restarted", r.spec.Name, reason)
	case <-r.pod.life.Done():
		r.pod.tell("Killing", "Stopping container %s", r.spec.Name)
		if asked := r.pod.current().DeletionGracePeriodSeconds; asked != nil {
			grace = time.Duration(*asked) * time.Second
		}
	}
	endProbes()
	r.stop(process, grace)
}

func (r *runner) grace() time.Duration {
	if seconds := r.pod.current().Spec.TerminationGracePeriodSeconds; seconds != nil {
		return time.Duration(*seconds) * time.Second
	}
	return 30 * time.Second
}

// stop runs the preStop hook, asks the process to end and ends it when its time is over.
func (r *runner) stop(process *container.Process, grace time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	go func() {
		select {
		case <-r.pod.killed:
			cancel()
		case <-ctx.Done():
		}
	}()
	r.preStop(ctx, process)
	process.Signal(syscall.SIGTERM)
	select {
	case <-process.Done():
	case <-ctx.Done():
		process.Signal(syscall.SIGKILL)
		<-process.Done()
	}
}

func (r *runner) preStop(ctx context.Context, process *container.Process) {
	if r.spec.Lifecycle == nil || r.spec.Lifecycle.PreStop == nil {
		return
	}
	hook := r.spec.Lifecycle.PreStop
	switch {
	case hook.Exec != nil:
		code, err := process.Exec(ctx, hook.Exec.Command, container.Streams{})
		if err != nil || code != 0 {
			r.pod.warn("FailedPreStopHook", "container %s: exit code %d %v", r.spec.Name, code, err)
		}
	case hook.Sleep != nil:
		select {
		case <-time.After(time.Duration(hook.Sleep.Seconds) * time.Second):
		case <-ctx.Done():
		}
	}
}

func (r *runner) change(how func(*corev1.ContainerStatus)) {
	r.mu.Lock()
	how(&r.status)
	r.mu.Unlock()
	r.pod.touch()
}
