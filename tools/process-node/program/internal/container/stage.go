package container

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// StageCommand is the first argument with which this program prepares a container from the inside and then becomes it.
const StageCommand = "container"

// Files that a stage is given, after the three standard ones.
const (
	specFile = iota + 3
	networkFile
	troubleFile
)

// hostRoot is where the old root is seen while the new one is made.
const hostRoot = "/.host"

// Stage makes the container's root, becomes its user and then its program. It is process 1 of its namespace and returns only
// when that failed, after telling its parent why.
func Stage() {
	runtime.LockOSThread()
	trouble := os.NewFile(troubleFile, "trouble")
	unix.CloseOnExec(troubleFile)
	unix.CloseOnExec(specFile)
	fmt.Fprint(trouble, become())
	os.Exit(128)
}

func become() error {
	spec := Spec{}
	if err := json.NewDecoder(os.NewFile(specFile, "spec")).Decode(&spec); err != nil {
		return fmt.Errorf("its description: %w", err)
	}
	if err := unix.Setns(networkFile, unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("its network: %w", err)
	}
	unix.Close(networkFile)
	if err := unix.Sethostname([]byte(spec.Hostname)); err != nil {
		return fmt.Errorf("its host name: %w", err)
	}
	if err := makeRoot(&spec); err != nil {
		return err
	}
	program, err := findProgram(spec.Args[0], spec.Env, spec.Dir)
	if err != nil {
		return err
	}
	if err := os.Chdir(spec.Dir); err != nil {
		return err
	}
	if err := becomeUser(&spec); err != nil {
		return err
	}
	return fmt.Errorf("exec %s: %w", program, syscall.Exec(program, spec.Args, spec.Env))
}

func makeRoot(spec *Spec) error {
	steps := []func(*Spec) error{layer, enter, mounts, files, leaveHost}
	for _, step := range steps {
		if err := step(spec); err != nil {
			return err
		}
	}
	if !spec.ReadOnlyRoot {
		return nil
	}
	return mount("", "/", "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY, "")
}

// layer puts a writable layer in memory over the machine's root.
func layer(spec *Spec) error {
	if err := mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := mount("tmpfs", spec.Scratch, "tmpfs", 0, "mode=0755"); err != nil {
		return err
	}
	folder := func(name string) string { return filepath.Join(spec.Scratch, name) }
	for _, name := range []string{"upper", "work", "root"} {
		if err := os.Mkdir(folder(name), 0o755); err != nil {
			return err
		}
	}
	options := fmt.Sprintf("lowerdir=/,upperdir=%s,workdir=%s", folder("upper"), folder("work"))
	return mount("overlay", folder("root"), "overlay", 0, options)
}

func enter(spec *Spec) error {
	root := filepath.Join(spec.Scratch, "root")
	if err := os.Mkdir(root+hostRoot, 0o700); err != nil {
		return err
	}
	if err := unix.PivotRoot(root, root+hostRoot); err != nil {
		return fmt.Errorf("pivot_root: %w", err)
	}
	return os.Chdir("/")
}

func mounts(spec *Spec) error {
	if err := mount("proc", "/proc", "proc", 0, ""); err != nil {
		return err
	}
	for _, folder := range []string{"/dev", "/sys"} {
		if err := mount(hostRoot+folder, folder, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
			return err
		}
	}
	if err := mount("tmpfs", "/dev/shm", "tmpfs", 0, "mode=1777"); err != nil {
		return err
	}
	// Outer folders first: a mount inside another one must not be covered by it.
	ordered := append([]Mount(nil), spec.Mounts...)
	sort.SliceStable(ordered, func(a, b int) bool {
		return strings.Count(ordered[a].Target, "/") < strings.Count(ordered[b].Target, "/")
	})
	for _, one := range ordered {
		if err := bind(one); err != nil {
			return err
		}
	}
	return nil
}

func bind(one Mount) error {
	source := hostRoot + one.Source
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	if info.IsDir() {
		err = os.MkdirAll(one.Target, 0o755)
	} else if err = os.MkdirAll(filepath.Dir(one.Target), 0o755); err == nil {
		err = touch(one.Target)
	}
	if err != nil {
		return err
	}
	if err := mount(source, one.Target, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return err
	}
	if !one.ReadOnly {
		return nil
	}
	return mount("", one.Target, "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY, "")
}

func touch(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	return file.Close()
}

func files(spec *Spec) error {
	for path, text := range spec.Files {
		os.Remove(path)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	for path, target := range spec.Links {
		os.Remove(path)
		if err := os.Symlink(target, path); err != nil {
			return err
		}
	}
	return os.MkdirAll(spec.Dir, 0o755)
}

func leaveHost(*Spec) error {
	if err := unix.Unmount(hostRoot, unix.MNT_DETACH); err != nil {
		return fmt.Errorf("unmount of the host's root: %w", err)
	}
	return os.Remove(hostRoot)
}

func mount(source, target, kind string, flags uintptr, options string) error {
	if err := unix.Mount(source, target, kind, flags, options); err != nil {
		return fmt.Errorf("mount of %s at %s: %w", source, target, err)
	}
	return nil
}

func becomeUser(spec *Spec) error {
	who := spec.Identity
	if err := syscall.Setgroups(who.Groups); err != nil {
		return fmt.Errorf("groups %v: %w", who.Groups, err)
	}
	if err := syscall.Setgid(who.GID); err != nil {
		return fmt.Errorf("group %d: %w", who.GID, err)
	}
	if err := syscall.Setuid(who.UID); err != nil {
		return fmt.Errorf("user %d: %w", who.UID, err)
	}
	if spec.NoNewPrivileges {
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			return err
		}
	}
	// A change of the user clears it.
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return err
	}
	return parentLives()
}

// parentLives looks at the other end of the pipe that the description came from.
func parentLives() error {
	pipe := []unix.PollFd{{Fd: specFile, Events: unix.POLLIN}}
	if _, err := unix.Poll(pipe, 0); err != nil {
		return err
	}
	if pipe[0].Revents&unix.POLLHUP != 0 {
		return fmt.Errorf("the node has ended")
	}
	return nil
}
