// Package volumes makes a folder on this machine for each volume of a pod.
package volumes

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// Pod makes the volumes of one pod.
type Pod struct {
	Client kubernetes.Interface
	Pod    *corev1.Pod
	// Folder is that of the pod; its volumes go with it.
	Folder string
	// Claims is where bound volumes without a path of their own are kept; they outlive pods.
	Claims string

	// now is the pod with the labels and annotations that it has at the moment.
	now    *corev1.Pod
	tokens map[string]*token
}

// Path is the folder of a volume.
func (p *Pod) Path(name string) (string, error) {
	for i := range p.Pod.Spec.Volumes {
		volume := &p.Pod.Spec.Volumes[i]
		if volume.Name != name {
			continue
		}
		switch {
		case volume.HostPath != nil:
			return filepath.EvalSymlinks(volume.HostPath.Path)
		case volume.PersistentVolumeClaim != nil:
			return filepath.EvalSymlinks(p.link(name))
		}
		return filepath.EvalSymlinks(filepath.Join(p.Folder, "volumes", name))
	}
	return "", fmt.Errorf("no volume %q", name)
}

// link says which folder of a claim is meant.
func (p *Pod) link(name string) string { return filepath.Join(p.Folder, "claims", name) }

// Sync makes all volumes, or brings those that follow objects in line with them.
func (p *Pod) Sync(ctx context.Context, now *corev1.Pod) error {
	p.now = now
	for i := range p.Pod.Spec.Volumes {
		volume := &p.Pod.Spec.Volumes[i]
		if err := p.sync(ctx, volume); err != nil {
			return fmt.Errorf("volume %s: %w", volume.Name, err)
		}
	}
	return nil
}

func (p *Pod) sync(ctx context.Context, volume *corev1.Volume) error {
	switch {
	case volume.HostPath != nil:
		if kind := volume.HostPath.Type; kind != nil && *kind == corev1.HostPathDirectoryOrCreate {
			return os.MkdirAll(volume.HostPath.Path, 0o755)
		}
		return nil
	case volume.PersistentVolumeClaim != nil:
		return p.claim(ctx, volume)
	}
	folder := filepath.Join(p.Folder, "volumes", volume.Name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if volume.EmptyDir != nil {
		return p.open(folder)
	}
	files, err := p.files(ctx, volume)
	if err != nil {
		return err
	}
	return p.write(folder, files)
}

// claim finds the folder of the volume that a claim is bound to.
func (p *Pod) claim(ctx context.Context, volume *corev1.Volume) error {
	core := p.Client.CoreV1()
	claim, err := core.PersistentVolumeClaims(p.Pod.Namespace).Get(ctx, volume.PersistentVolumeClaim.ClaimName, metav1.GetOptions{})
	if err != nil {
		return err
	}
	if claim.Spec.VolumeName == "" || claim.Status.Phase != corev1.ClaimBound {
		return fmt.Errorf("claim %s is not bound", claim.Name)
	}
	bound, err := core.PersistentVolumes().Get(ctx, claim.Spec.VolumeName, metav1.GetOptions{})
	if err != nil {
		return err
	}
	folder := filepath.Join(p.Claims, bound.Name)
	switch {
	case bound.Spec.HostPath != nil:
		folder = bound.Spec.HostPath.Path
	case bound.Spec.Local != nil:
		folder = bound.Spec.Local.Path
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := p.open(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(p.link(volume.Name)), 0o755); err != nil {
		return err
	}
	os.Remove(p.link(volume.Name))
	return os.Symlink(folder, p.link(volume.Name))
}

// open lets the users of the pod write into a folder.
func (p *Pod) open(folder string) error {
	mode := os.FileMode(0o777)
	if group := p.group(); group >= 0 {
		if err := os.Chown(folder, -1, group); err != nil {
			return err
		}
		mode |= os.ModeSetgid
	}
	return os.Chmod(folder, mode)
}

// group is the one that volumes belong to; -1 is none.
func (p *Pod) group() int {
	if security := p.Pod.Spec.SecurityContext; security != nil && security.FSGroup != nil {
		return int(*security.FSGroup)
	}
	return -1
}
