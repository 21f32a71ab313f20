package container

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// Process is a container that runs or ran.
type Process struct {
	spec     Spec
	command  *exec.Cmd
	done     chan struct{}
	exitCode int
}

// starts is worked off by a thread that lives as long as this process: the kernel ends a container together with the thread
// that started it, and all that the container started with it.
var starts = make(chan func())

func init() {
	go func() {
		runtime.LockOSThread()
		for start := range starts {
			start()
		}
	}()
}

// Start makes the container and returns once its program runs. Its output goes to the two writers.
func Start(spec Spec, network *os.File, stdout, stderr io.Writer) (*Process, error) {
	specReader, specWriter, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	troubleReader, troubleWriter, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer troubleReader.Close()
	command := &exec.Cmd{
		Path:       "/proc/self/exe",
		Args:       []string{"process-node", StageCommand},
		Env:        []string{"GOMAXPROCS=1", "GOGC=off"},
		Dir:        "/",
		Stdout:     stdout,
		Stderr:     stderr,
		ExtraFiles: []*os.File{specReader, network, troubleWriter},
		SysProcAttr: &syscall.SysProcAttr{
			Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC,
			Pdeathsig:  syscall.SIGKILL,
			Setsid:     true,
		},
	}
	started := make(chan error)
	starts <- func() { started <- command.Start() }
	err = <-started
	specReader.Close()
	troubleWriter.Close()
	if err != nil {
		specWriter.Close()
		return nil, err
	}
	go json.NewEncoder(specWriter).Encode(spec)
	trouble, _ := io.ReadAll(troubleReader)
	specWriter.Close()
	process := &Process{spec: spec, command: command, done: make(chan struct{})}
	if len(trouble) > 0 {
		command.Wait()
		return nil, errors.New(string(trouble))
	}
	go process.wait()
	return process, nil
}

func (p *Process) wait() {
	p.command.Wait()
	p.exitCode = exitCode(p.command.ProcessState)
	close(p.done)
}

// exitCode is that of the process, or 128 and the signal that ended it.
func exitCode(state *os.ProcessState) int {
	if status, is := state.Sys().(syscall.WaitStatus); is && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

// PID is the number of the container's first process on this machine.
func (p *Process) PID() int { return p.command.Process.Pid }

// Done is closed when the process has ended, and everything that it started.
func (p *Process) Done() <-chan struct{} { return p.done }

// ExitCode is known once Done is closed.
func (p *Process) ExitCode() int { return p.exitCode }

// Signal sends a signal; to one that has ended it does nothing.
func (p *Process) Signal(signal syscall.Signal) { _ = p.command.Process.Signal(signal) }

func (p *Process) String() string { return fmt.Sprintf("process %d", p.PID()) }
