package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"

	"swarmstack.dev/tools/process-node/program/internal/pods"
)

// Config is the file that a process is started with.
type Config struct {
	Kubeconfig string `json:"kubeconfig"`
	// Folder is where pods and claims are kept.
	Folder string `json:"folder"`
	// ClientCA is the file of the authority that signs the API server's client certificate; nobody else may call.
	ClientCA string       `json:"clientCA"`
	Nodes    []NodeConfig `json:"nodes"`
	Images   pods.Images  `json:"images"`
	// PodSubnet is seen by nobody else, so any will do that the pods need not reach.
	PodSubnet netip.Prefix `json:"podSubnet"`
	// MaxContainerRestartPeriod bounds the wait before a restart, such as "300s".
	MaxContainerRestartPeriod string `json:"maxContainerRestartPeriod"`

	longestRestartDelay time.Duration
}

// NodeConfig is one of the nodes; they share this machine.
type NodeConfig struct {
	Name     string              `json:"name"`
	Labels   map[string]string   `json:"labels"`
	Taints   []corev1.Taint      `json:"taints"`
	Capacity corev1.ResourceList `json:"capacity"`
}

func readConfig(path string) (*Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	config := &Config{
		PodSubnet:                 netip.MustParsePrefix("10.245.0.0/16"),
		MaxContainerRestartPeriod: "300s",
	}
	if err := json.Unmarshal(text, config); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	config.longestRestartDelay, err = time.ParseDuration(config.MaxContainerRestartPeriod)
	return config, err
}
