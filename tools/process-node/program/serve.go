package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/virtual-kubelet/virtual-kubelet/node/api"
	corev1 "k8s.io/api/core/v1"

	"swarmstack.dev/tools/process-node/program/internal/pods"
)

const (
	streamIdleTimeout     = 4 * time.Hour
	streamCreationTimeout = 30 * time.Second
)

// serve answers the API server's calls for logs, commands and ports of pods; it returns the port of the loopback interface.
func serve(config *Config, machine *pods.Machine) (int32, error) {
	authority, err := os.ReadFile(config.ClientCA)
	if err != nil {
		return 0, err
	}
	callers := x509.NewCertPool()
	if !callers.AppendCertsFromPEM(authority) {
		return 0, fmt.Errorf("%s has no certificate", config.ClientCA)
	}
	certificate, err := ownCertificate()
	if err != nil {
		return 0, err
	}
	listener, err := tls.Listen("tcp", net.JoinHostPort(hostIP, "0"), &tls.Config{
		Certificates: []tls.Certificate{certificate}, ClientCAs: callers, ClientAuth: tls.RequireAndVerifyClientCert,
	})
	if err != nil {
		return 0, err
	}
	handler := api.PodHandler(api.PodHandlerConfig{
		RunInContainer:        machine.Exec,
		PortForward:           machine.Forward,
		GetContainerLogs:      machine.Logs,
		GetPodsFromKubernetes: func(context.Context) ([]*corev1.Pod, error) { return machine.Pods(), nil },
		StreamIdleTimeout:     streamIdleTimeout,
		StreamCreationTimeout: streamCreationTimeout,
	}, false)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: streamCreationTimeout}
	go server.Serve(listener)
	return int32(listener.Addr().(*net.TCPAddr).Port), nil
}

// ownCertificate is made anew at each start: the API server does not check it, as with a kubelet that signs its own.
func ownCertificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: "process-node"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(1, 0, 0),
		IPAddresses:  []net.IP{net.ParseIP(hostIP)},
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}, err
}
