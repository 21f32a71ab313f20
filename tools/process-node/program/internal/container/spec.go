// Package container runs one container as a process of this machine, in namespaces of its own.
package container

// Mount is a folder or file of the host that the container sees at another place.
type Mount struct {
	Source   string `json:"source"`
	Target   string `json:"target"`
	ReadOnly bool   `json:"readOnly,omitempty"`
}

// Identity is whom a process runs as.
type Identity struct {
	UID    int   `json:"uid"`
	GID    int   `json:"gid"`
	Groups []int `json:"groups,omitempty"`
}

// Spec says how a container is made. Its root is the machine's own, with a layer on top that takes all writes and goes with it.
type Spec struct {
	Hostname string `json:"hostname"`
	// Scratch is an empty folder, where the writable layer is mounted.
	Scratch string  `json:"scratch"`
	Mounts  []Mount `json:"mounts"`
	// Files are written into the root, by path.
	Files map[string]string `json:"files"`
	// Links are made in the root: path to target.
	Links        map[string]string `json:"links"`
	ReadOnlyRoot bool              `json:"readOnlyRoot"`
	Args         []string          `json:"args"`
	Env          []string          `json:"env"`
	Dir          string            `json:"dir"`
	Identity     Identity          `json:"identity"`
	// NoNewPrivileges keeps setuid programs from giving rights.
	NoNewPrivileges bool `json:"noNewPrivileges"`
}
