package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/record"

	"swarmstack.dev/tools/process-node/program/internal/network"
	"swarmstack.dev/tools/process-node/program/internal/pods"
)

// Calls to the API server a second: a test starts many pods at once.
const (
	callsPerSecond = 200
	callBurst      = 400
)

func run(ctx context.Context, configPath, readyPath string) error {
	if os.Geteuid() != 0 {
		return errors.New("mounts and networks of pods need root")
	}
	config, err := readConfig(configPath)
	if err != nil {
		return err
	}
	api, err := clientcmd.BuildConfigFromFlags("", config.Kubeconfig)
	if err != nil {
		return err
	}
	api.QPS, api.Burst = callsPerSecond, callBurst
	client, err := kubernetes.NewForConfig(api)
	if err != nil {
		return err
	}
	machine, err := newMachine(ctx, config, api, client)
	if err != nil {
		return err
	}
	port, err := serve(config, machine)
	if err != nil {
		return err
	}
	for _, node := range config.Nodes {
		if err := machine.Follow(ctx, node.Name); err != nil {
			return err
		}
	}
	if err := machine.Clean(); err != nil {
		return err
	}
	for _, node := range config.Nodes {
		if err := register(ctx, client, node, port); err != nil {
			return fmt.Errorf("node %s: %w", node.Name, err)
		}
	}
	if err := os.WriteFile(readyPath, []byte("ready\n"), 0o644); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func newMachine(ctx context.Context, config *Config, api *rest.Config, client kubernetes.Interface) (*pods.Machine, error) {
	server, err := url.Parse(api.Host)
	if err != nil {
		return nil, err
	}
	net, err := network.New(config.PodSubnet)
	if err != nil {
		return nil, err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	services := &network.Services{
		Network:   net,
		Services:  factory.Core().V1().Services().Lister(),
		Slices:    factory.Discovery().V1().EndpointSlices().Lister(),
		APIServer: server.Host,
		Warn:      func(format string, values ...any) { fmt.Fprintf(os.Stderr, format+"\n", values...) },
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	if err := services.ServeNames(); err != nil {
		return nil, err
	}
	go services.Run(ctx)
	machine := &pods.Machine{
		Client:              client,
		Network:             net,
		Services:            services.Services,
		Events:              recorder(client),
		Images:              config.Images,
		Folder:              filepath.Join(config.Folder, "pods"),
		Claims:              filepath.Join(config.Folder, "claims"),
		HostIP:              hostIP,
		LongestRestartDelay: config.longestRestartDelay,
	}
	for _, folder := range []string{machine.Folder, machine.Claims} {
		if err := os.MkdirAll(folder, 0o711); err != nil {
			return nil, err
		}
	}
	return machine, nil
}

func recorder(client kubernetes.Interface) record.EventRecorder {
	broadcaster := record.NewBroadcaster()
	broadcaster.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: client.CoreV1().Events("")})
	return broadcaster.NewRecorder(scheme.Scheme, corev1.EventSource{Component: "process-node"})
}
