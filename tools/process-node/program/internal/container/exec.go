package container

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Streams are the standard streams of a command; each may be nil.
type Streams struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// outputDelay is how long output is waited for after the end of a command that left something running.
const outputDelay = time.Second

// Exec runs one more command in the container, with its environment and as its user, until it ends or ctx does.
func (p *Process) Exec(ctx context.Context, args []string, streams Streams) (int, error) {
	type result struct {
		code int
		err  error
	}
	results := make(chan result, 1)
	go func() {
		// Never unlocked: a thread that has joined a container ends with its goroutine.
		runtime.LockOSThread()
		code, err := p.execHere(ctx, args, streams)
		results <- result{code, err}
	}()
	one := <-results
	return one.code, one.err
}

func (p *Process) execHere(ctx context.Context, args []string, streams Streams) (int, error) {
	if err := p.join(); err != nil {
		return 0, err
	}
	program, err := findProgram(args[0], p.spec.Env, p.spec.Dir)
	if err != nil {
		return 0, err
	}
	command := exec.CommandContext(ctx, program)
	command.Args = args
	command.Env = p.spec.Env
	command.Dir = p.spec.Dir
	command.Stdout, command.Stderr = streams.Stdout, streams.Stderr
	command.WaitDelay = outputDelay
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: credential(p.spec.Identity)}
	if err := feed(command, streams.Stdin); err != nil {
		return 0, err
	}
	if err := command.Start(); err != nil {
		return 0, err
	}
	err = command.Wait()
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		return 0, err
	}
	return exitCode(command.ProcessState), nil
}

// join moves this thread into the namespaces of the container.
func (p *Process) join() error {
	kinds := []struct {
		name string
		flag int
	}{{"net", unix.CLONE_NEWNET}, {"uts", unix.CLONE_NEWUTS}, {"ipc", unix.CLONE_NEWIPC}, {"pid", unix.CLONE_NEWPID}, {"mnt", unix.CLONE_NEWNS}}
	files := make([]*os.File, len(kinds))
	for i, kind := range kinds {
		file, err := os.Open(fmt.Sprintf("/proc/%d/ns/%s", p.PID(), kind.name))
		if err != nil {
			return fmt.Errorf("the container has ended: %w", err)
		}
		defer file.Close()
		files[i] = file
	}
	select {
	case <-p.done:
		return errors.New("the container has ended")
	default:
	}
	if err := unix.Unshare(unix.CLONE_FS); err != nil {
		return err
	}
	for i, kind := range kinds {
		if err := unix.Setns(int(files[i].Fd()), kind.flag); err != nil {
			return fmt.Errorf("joining the container (%s): %w", kind.name, err)
		}
	}
	return nil
}

// feed passes input on without making the end of the command wait for the end of the input.
func feed(command *exec.Cmd, stdin io.Reader) error {
	if stdin == nil {
		return nil
	}
	pipe, err := command.StdinPipe()
	if err != nil {
		return err
	}
	go func() {
		io.Copy(pipe, stdin)
		pipe.Close()
	}()
	return nil
}

func credential(who Identity) *syscall.Credential {
	groups := make([]uint32, len(who.Groups))
	for i, group := range who.Groups {
		groups[i] = uint32(group)
	}
	return &syscall.Credential{Uid: uint32(who.UID), Gid: uint32(who.GID), Groups: groups}
}
