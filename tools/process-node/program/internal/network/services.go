package network

import (
	"context"
	"io"
	"net"
	"net/netip"
	"strconv"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/labels"
	corelisters "k8s.io/client-go/listers/core/v1"
	discoverylisters "k8s.io/client-go/listers/discovery/v1"
)

const (
	dialTimeout = 5 * time.Second
	syncPeriod  = 200 * time.Millisecond
)

// Services makes the addresses of services work in the network, TCP only: who connects to one is connected to a pod that is
// ready. The service "kubernetes" leads to the API server, and the ports of one of type ExternalName "localhost" to those of
// this machine.
type Services struct {
	Network  *Network
	Services corelisters.ServiceLister
	Slices   discoverylisters.EndpointSliceLister
	// APIServer is the host and port of the API server, as this process reaches it.
	APIServer string
	Warn      func(string, ...any)

	doors map[string]*door
	turn  atomic.Uint64
}

// door is a listener at the address of a service.
type door struct {
	listener net.Listener
	to       target
}

// target is where a door leads to: an address of this machine, or a port of a service.
type target struct {
	host               string
	namespace, service string
	port               string
}

// Run opens and closes doors as services come and go, until ctx ends.
func (s *Services) Run(ctx context.Context) {
	s.doors = map[string]*door{}
	ticker := time.NewTicker(syncPeriod)
	defer ticker.Stop()
	for {
		s.sync()
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Services) sync() {
	wanted := s.wanted()
	for where, one := range s.doors {
		if wanted[where] != one.to {
			one.listener.Close()
			delete(s.doors, where)
		}
	}
	for where, to := range wanted {
		if s.doors[where] != nil {
			continue
		}
		if err := s.open(where, to); err != nil {
			s.Warn("service %s/%s at %s: %v", to.namespace, to.service, where, err)
		}
	}
}

func (s *Services) wanted() map[string]target {
	wanted := map[string]target{}
	services, _ := s.Services.List(labels.Everything())
	for _, service := range services {
		for _, port := range service.Spec.Ports {
			if port.Protocol != corev1.ProtocolTCP && port.Protocol != "" {
				continue
			}
			number := strconv.Itoa(int(port.Port))
			to := target{namespace: service.Namespace, service: service.Name, port: port.Name}
			switch {
			case isHost(service):
				wanted[net.JoinHostPort(s.Network.Gateway.String(), number)] = target{host: net.JoinHostPort("127.0.0.1", number)}
			case !hasAddress(service):
			case service.Namespace == metaDefault && service.Name == "kubernetes":
				wanted[net.JoinHostPort(service.Spec.ClusterIP, number)] = target{host: s.APIServer}
			default:
				wanted[net.JoinHostPort(service.Spec.ClusterIP, number)] = to
			}
		}
	}
	return wanted
}

const metaDefault = "default"

func hasAddress(service *corev1.Service) bool {
	return service.Spec.ClusterIP != "" && service.Spec.ClusterIP != corev1.ClusterIPNone
}

// isHost tells the services that stand for this machine.
func isHost(service *corev1.Service) bool {
	return service.Spec.Type == corev1.ServiceTypeExternalName && service.Spec.ExternalName == "localhost"
}

func (s *Services) open(where string, to target) error {
	at, err := netip.ParseAddrPort(where)
	if err != nil {
		return err
	}
	if at.Addr() != s.Network.Gateway {
		if err := s.Network.addVirtual(at.Addr()); err != nil {
			return err
		}
	}
	listener, err := s.Network.listen(where)
	if err != nil {
		return err
	}
	s.doors[where] = &door{listener, to}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go s.lead(connection, to)
		}
	}()
	return nil
}

// lead connects a caller with where the door leads to. Who finds nobody there is refused at once.
func (s *Services) lead(caller net.Conn, to target) {
	defer caller.Close()
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	defer cancel()
	callee, err := s.dial(ctx, to)
	if err != nil {
		if tcp, is := caller.(*net.TCPConn); is {
			_ = tcp.SetLinger(0)
		}
		return
	}
	defer callee.Close()
	Join(caller, callee)
}

func (s *Services) dial(ctx context.Context, to target) (net.Conn, error) {
	if to.host != "" {
		return (&net.Dialer{}).DialContext(ctx, "tcp", to.host)
	}
	backends := s.backends(to)
	first := s.turn.Add(1)
	err := error(&net.AddrError{Err: "no pod is ready", Addr: to.namespace + "/" + to.service})
	for i := range backends {
		var connection net.Conn
		connection, err = s.Network.Dial(ctx, "tcp", backends[(int(first)+i)%len(backends)])
		if err == nil {
			return connection, nil
		}
	}
	return nil, err
}

func (s *Services) backends(to target) []string {
	found := []string{}
	for _, slice := range s.slicesOf(to.namespace, to.service) {
		for _, port := range slice.Ports {
			if port.Port == nil || (port.Name != nil && *port.Name != to.port) {
				continue
			}
			for _, endpoint := range slice.Endpoints {
				if endpoint.Conditions.Ready != nil && !*endpoint.Conditions.Ready {
					continue
				}
				for _, address := range endpoint.Addresses {
					found = append(found, net.JoinHostPort(address, strconv.Itoa(int(*port.Port))))
				}
			}
		}
	}
	return found
}

func (s *Services) slicesOf(namespace, service string) []*discoveryv1.EndpointSlice {
	selector := labels.SelectorFromSet(labels.Set{discoveryv1.LabelServiceName: service})
	slices, _ := s.Slices.EndpointSlices(namespace).List(selector)
	return slices
}

// Join passes bytes on both ways until both have ended.
func Join(a, b io.ReadWriteCloser) {
	done := make(chan struct{})
	go func() {
		pass(a, b)
		close(done)
	}()
	pass(b, a)
	<-done
}

func pass(to io.WriteCloser, from io.Reader) {
	_, err := io.Copy(to, from)
	half, is := to.(interface{ CloseWrite() error })
	if err != nil || !is {
		to.Close()
		return
	}
	_ = half.CloseWrite()
}
