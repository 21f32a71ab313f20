package pods

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"swarmstack.dev/tools/process-node/program/internal/container"
	"swarmstack.dev/tools/process-node/program/internal/podspec"
)

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// containerSpec works out how a container is made; with an error comes the reason for its status.
func (p *Pod) containerSpec(ctx context.Context, one *corev1.Container) (container.Spec, string, error) {
	none := container.Spec{}
	image, known := p.machine.Images.Find(one.Image)
	if !known {
		return none, "ErrImagePull", fmt.Errorf("image %q is not on this node", one.Image)
	}
	pod := p.current()
	base, err := p.baseVariables(pod, image)
	if err != nil {
		return none, "CreateContainerConfigError", err
	}
	sources := podspec.Sources{Client: p.machine.Client, Pod: pod, Base: base}
	variables, err := sources.Variables(ctx, one)
	if err != nil {
		return none, "CreateContainerConfigError", err
	}
	args := command(one, image, variables)
	if len(args) == 0 {
		return none, "CreateContainerConfigError", fmt.Errorf("neither the container nor image %q has a command", one.Image)
	}
	who, err := podspec.Identity(pod, one)
	if err != nil {
		return none, "CreateContainerConfigError", err
	}
	mounts, err := p.mounts(one, image, variables)
	if err != nil {
		return none, "CreateContainerConfigError", err
	}
	scratch, err := os.MkdirTemp(p.folder, "root-")
	if err != nil {
		return none, "CreateContainerError", err
	}
	if scratch, err = filepath.EvalSymlinks(scratch); err != nil {
		return none, "CreateContainerError", err
	}
	spec := container.Spec{
		Hostname: hostname(pod),
		Scratch:  scratch,
		Mounts:   mounts,
		Files:    p.files(pod),
		Links:    image.Links,
		Args:     args,
		Env:      entries(variables),
		Dir:      firstOf(one.WorkingDir, image.WorkingDir, "/"),
		Identity: who,
	}
	if security := one.SecurityContext; security != nil {
		spec.ReadOnlyRoot = security.ReadOnlyRootFilesystem != nil && *security.ReadOnlyRootFilesystem
		spec.NoNewPrivileges = security.AllowPrivilegeEscalation != nil && !*security.AllowPrivilegeEscalation
	}
	return spec, "", nil
}

// command is what a container runs: its command in place of the image's entry point, its arguments in place of the image's.
func command(one *corev1.Container, image Image, variables map[string]string) []string {
	front, back := image.Entrypoint, image.Cmd
	if len(one.Command) > 0 {
		front, back = expandAll(one.Command, variables), nil
	}
	if len(one.Args) > 0 {
		back = expandAll(one.Args, variables)
	}
	return append(append([]string{}, front...), back...)
}

func expandAll(texts []string, variables map[string]string) []string {
	expanded := make([]string, len(texts))
	for i, text := range texts {
		expanded[i] = podspec.Expand(text, variables)
	}
	return expanded
}

// baseVariables are those of the image, of the host name and of services.
func (p *Pod) baseVariables(pod *corev1.Pod, image Image) (map[string]string, error) {
	base := map[string]string{"PATH": defaultPath, "HOME": "/", "HOSTNAME": hostname(pod)}
	for name, value := range image.Env {
		base[name] = value
	}
	services, err := p.machine.Services.List(labels.Everything())
	for _, service := range services {
		own := service.Namespace == pod.Namespace && (pod.Spec.EnableServiceLinks == nil || *pod.Spec.EnableServiceLinks)
		server := service.Namespace == "default" && service.Name == "kubernetes"
		if (!own && !server) || service.Spec.ClusterIP == "" || service.Spec.ClusterIP == corev1.ClusterIPNone {
			continue
		}
		prefix := strings.ToUpper(strings.ReplaceAll(service.Name, "-", "_")) + "_SERVICE_"
		base[prefix+"HOST"] = service.Spec.ClusterIP
		base[prefix+"PORT"] = strconv.Itoa(int(service.Spec.Ports[0].Port))
	}
	return base, err
}

func (p *Pod) mounts(one *corev1.Container, image Image, variables map[string]string) ([]container.Mount, error) {
	mounts := []container.Mount{}
	for target, source := range image.Mounts {
		real, err := filepath.EvalSymlinks(source)
		if err != nil {
			return nil, err
		}
		mounts = append(mounts, container.Mount{Source: real, Target: target, ReadOnly: true})
	}
	for _, mount := range one.VolumeMounts {
		folder, err := p.volumes.Path(mount.Name)
		if err != nil {
			return nil, err
		}
		inside := mount.SubPath
		if mount.SubPathExpr != "" {
			inside = podspec.Expand(mount.SubPathExpr, variables)
		}
		if inside != "" {
			if folder, err = inFolder(folder, inside); err != nil {
				return nil, err
			}
		}
		mounts = append(mounts, container.Mount{Source: folder, Target: filepath.Clean(mount.MountPath), ReadOnly: mount.ReadOnly})
	}
	return mounts, nil
}

// inFolder is a part of a volume, made as a folder like the volume's where it is not there.
func inFolder(folder, inside string) (string, error) {
	path := filepath.Join(folder, inside)
	if _, err := os.Stat(path); os.IsNotExist(err) {
		if err := makeLike(path, folder); err != nil {
			return "", err
		}
	}
	real, err := filepath.EvalSymlinks(path)
	if err == nil && real != folder && !strings.HasPrefix(real, folder+"/") {
		return "", fmt.Errorf("subPath %s leads out of its volume", inside)
	}
	return real, err
}

func makeLike(path, model string) error {
	info, err := os.Stat(model)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(path, 0o755); err != nil {
		return err
	}
	if err := os.Chown(path, -1, int(info.Sys().(*syscall.Stat_t).Gid)); err != nil {
		return err
	}
	return os.Chmod(path, info.Mode())
}

func (p *Pod) files(pod *corev1.Pod) map[string]string {
	name := hostname(pod)
	hosts := "127.0.0.1 localhost\n" + pod.Status.PodIP + " " + name + "\n"
	for _, alias := range pod.Spec.HostAliases {
		hosts += alias.IP + " " + strings.Join(alias.Hostnames, " ") + "\n"
	}
	return map[string]string{
		"/etc/hosts":       hosts,
		"/etc/hostname":    name + "\n",
		"/etc/resolv.conf": p.machine.Network.ResolvConf(pod.Namespace),
	}
}

func hostname(pod *corev1.Pod) string {
	name := firstOf(pod.Spec.Hostname, pod.Name)
	return name[:min(len(name), 63)]
}

func entries(variables map[string]string) []string {
	all := make([]string, 0, len(variables))
	for name, value := range variables {
		all = append(all, name+"="+value)
	}
	sort.Strings(all)
	return all
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
