package pods

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"swarmstack.dev/tools/process-node/program/internal/network"
	"swarmstack.dev/tools/process-node/program/internal/podspec"
	"swarmstack.dev/tools/process-node/program/internal/volumes"
)

const (
	// syncPeriod is how often volumes follow their objects, and tokens are renewed when it is time.
	syncPeriod       = time.Minute
	longestRetryWait = 10 * time.Second
)

// Pod runs one pod from its first sight to its end.
type Pod struct {
	machine *Machine
	folder  string
	place   *network.Pod
	volumes *volumes.Pod

	inits, mains []*runner

	// life ends when the pod is to stop.
	life context.Context
	stop context.CancelFunc
	// deleted is closed once the API server knows the wish that the pod goes, killed when nothing of it may run any longer.
	deleted, killed           chan struct{}
	closeDeleted, closeKilled func()
	// ended is closed when nothing of it runs.
	ended   chan struct{}
	changed chan struct{}

	mu     sync.Mutex
	object *corev1.Pod
	state  state
}

// state is what a pod's status says besides that of its containers.
type state struct {
	started     metav1.Time
	initialized bool
	over        bool
	// reason and message are set when the node has failed the pod.
	reason, message string
}

func newPod(machine *Machine, object *corev1.Pod) *Pod {
	p := &Pod{
		machine: machine,
		folder:  filepath.Join(machine.Folder, string(object.UID)),
		object:  object,
		deleted: make(chan struct{}),
		killed:  make(chan struct{}),
		ended:   make(chan struct{}),
		changed: make(chan struct{}, 1),
	}
	p.closeDeleted = sync.OnceFunc(func() { close(p.deleted) })
	p.closeKilled = sync.OnceFunc(func() { close(p.killed) })
	p.state.started = metav1.Now()
	if object.Status.StartTime != nil {
		p.state.started = *object.Status.StartTime
	}
	p.life, p.stop = context.WithCancel(context.Background())
	for i := range object.Spec.InitContainers {
		p.inits = append(p.inits, newRunner(p, &object.Spec.InitContainers[i], object.Status.InitContainerStatuses, true))
	}
	for i := range object.Spec.Containers {
		p.mains = append(p.mains, newRunner(p, &object.Spec.Containers[i], object.Status.ContainerStatuses, false))
	}
	p.heed(object)
	return p
}

func (p *Pod) current() *corev1.Pod {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.object
}

// update takes over labels and annotations, and the wish that the pod ends.
func (p *Pod) update(object *corev1.Pod) {
	fresh := object.DeepCopy()
	p.mu.Lock()
	fresh.Status = p.object.Status
	p.object = fresh
	p.mu.Unlock()
	p.heed(object)
}

func (p *Pod) heed(object *corev1.Pod) {
	if object.DeletionTimestamp != nil {
		p.closeDeleted()
		p.stop()
	}
}

// kill ends everything at once.
func (p *Pod) kill() {
	p.closeKilled()
	p.stop()
}

// fail ends the pod for a reason of the node's.
func (p *Pod) fail(reason, message string) {
	p.mu.Lock()
	if p.state.reason == "" {
		p.state.reason, p.state.message = reason, message
	}
	p.mu.Unlock()
	p.stop()
}

func (p *Pod) run(before <-chan struct{}) {
	if before != nil {
		<-before
	}
	reporting := make(chan struct{})
	go func() {
		p.report()
		close(reporting)
	}()
	p.live()
	if p.place != nil {
		p.machine.Network.Release(p.place)
	}
	p.mu.Lock()
	p.state.over = true
	p.mu.Unlock()
	close(p.ended)
	p.touch()
	<-reporting
	p.leave()
}

// live returns when no container runs and none will.
func (p *Pod) live() {
	object := p.current()
	if missing := podspec.Unsupported(object); missing != "" {
		p.fail("Unsupported", "a node that runs pods as processes has no "+missing)
		return
	}
	if seconds := object.Spec.ActiveDeadlineSeconds; seconds != nil {
		left := time.Until(p.state.started.Add(time.Duration(*seconds) * time.Second))
		timer := time.AfterFunc(left, func() {
			p.fail("DeadlineExceeded", "Pod was active on the node longer than the specified deadline")
		})
		defer timer.Stop()
	}
	if !p.prepare() {
		return
	}
	go p.follow()
	for _, one := range p.inits {
		if !one.run() {
			if p.life.Err() == nil {
				p.fail("", "")
			}
			return
		}
	}
	p.mu.Lock()
	p.state.initialized = true
	p.mu.Unlock()
	p.touch()
	all := sync.WaitGroup{}
	for _, one := range p.mains {
		all.Add(1)
		go func() {
			defer all.Done()
			one.run()
		}()
	}
	all.Wait()
}

// prepare makes network and volumes, again and again until it can; false when the pod is to stop before.
func (p *Pod) prepare() bool {
	wait := 500 * time.Millisecond
	for p.life.Err() == nil {
		err := p.makePlace()
		if err == nil {
			err = p.volumes.Sync(p.life, p.current())
		}
		if err == nil {
			return true
		}
		if p.life.Err() == nil {
			p.warn("FailedMount", "%v", err)
		}
		p.sleep(wait)
		wait = min(2*wait, longestRetryWait)
	}
	return false
}

func (p *Pod) makePlace() error {
	if p.place != nil {
		return nil
	}
	if err := os.MkdirAll(p.folder, 0o700); err != nil {
		return err
	}
	place, err := p.machine.Network.AddPod()
	if err != nil {
		return err
	}
	p.place = place
	p.mu.Lock()
	defer p.mu.Unlock()
	object := p.object.DeepCopy()
	object.Status.HostIP = p.machine.HostIP
	object.Status.PodIP = place.Address.String()
	p.object = object
	p.volumes = &volumes.Pod{Client: p.machine.Client, Pod: object, Folder: p.folder, Claims: p.machine.Claims}
	return nil
}

// follow keeps volumes in line with what they show.
func (p *Pod) follow() {
	for p.sleep(syncPeriod) {
		if err := p.volumes.Sync(p.life, p.current()); err != nil && p.life.Err() == nil {
			p.warn("FailedMount", "%v", err)
		}
	}
}

// leave removes what a pod that is to go has left; one that has merely ended keeps its logs until then.
func (p *Pod) leave() {
	select {
	case <-p.killed:
	case <-p.deleted:
		p.remove()
		<-p.killed
	}
	os.RemoveAll(p.folder)
}

// remove takes the object away from the API server, which waits for the node to say that nothing runs.
func (p *Pod) remove() {
	object := p.current()
	now := int64(0)
	options := metav1.DeleteOptions{GracePeriodSeconds: &now, Preconditions: metav1.NewUIDPreconditions(string(object.UID))}
	for {
		err := p.machine.Client.CoreV1().Pods(object.Namespace).Delete(context.Background(), object.Name, options)
		if err == nil || apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
			return
		}
		select {
		case <-p.killed:
			return
		case <-time.After(time.Second):
		}
	}
}

// sleep waits, and is false when the pod is to stop.
func (p *Pod) sleep(duration time.Duration) bool {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.life.Done():
		return false
	}
}

func (p *Pod) warn(reason, format string, values ...any) {
	p.machine.Events.Eventf(p.current(), corev1.EventTypeWarning, reason, format, values...)
}

func (p *Pod) tell(reason, format string, values ...any) {
	p.machine.Events.Eventf(p.current(), corev1.EventTypeNormal, reason, format, values...)
}
