package network

import (
	"net"
	"net/netip"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"golang.org/x/net/dns/dnsmessage"
)

const (
	clusterDomain = "cluster.local"
	// timeToLive of an answer, in seconds.
	timeToLive = 1
)

// ResolvConf is how a pod of a namespace finds names.
func (n *Network) ResolvConf(namespace string) string {
	return "nameserver " + n.Gateway.String() + "\nsearch " + namespace + ".svc." + clusterDomain + " svc." + clusterDomain + " " +
		clusterDomain + "\noptions ndots:5\n"
}

// ServeNames answers for the names of services and of the pods behind a headless one, and for no other name.
func (s *Services) ServeNames() error {
	var connection net.PacketConn
	err := s.Network.inside(func() (err error) {
		connection, err = net.ListenPacket("udp", net.JoinHostPort(s.Network.Gateway.String(), "53"))
		return err
	})
	if err != nil {
		return err
	}
	go func() {
		buffer := make([]byte, 4096)
		for {
			size, from, err := connection.ReadFrom(buffer)
			if err != nil {
				return
			}
			if answer := s.answer(buffer[:size]); answer != nil {
				_, _ = connection.WriteTo(answer, from)
			}
		}
	}()
	return nil
}

func (s *Services) answer(request []byte) []byte {
	message := dnsmessage.Message{}
	if message.Unpack(request) != nil || len(message.Questions) != 1 {
		return nil
	}
	question := message.Questions[0]
	addresses, exists := s.resolve(strings.ToLower(strings.TrimSuffix(question.Name.String(), ".")))
	message.Header.Response, message.Header.Authoritative = true, true
	message.Additionals = nil
	if !exists {
		message.Header.RCode = dnsmessage.RCodeNameError
	}
	if question.Type == dnsmessage.TypeA {
		for _, address := range addresses {
			message.Answers = append(message.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: question.Name, Type: question.Type, Class: question.Class, TTL: timeToLive},
				Body:   &dnsmessage.AResource{A: address.As4()},
			})
		}
	}
	answer, _ := message.Pack()
	return answer
}

// resolve finds the addresses of "service.namespace.svc.cluster.local" and "pod.service.namespace.svc.cluster.local".
func (s *Services) resolve(name string) ([]netip.Addr, bool) {
	rest, inside := strings.CutSuffix(name, ".svc."+clusterDomain)
	labels := strings.Split(rest, ".")
	if !inside || len(labels) < 2 || len(labels) > 3 {
		return nil, false
	}
	namespace, serviceName := labels[len(labels)-1], labels[len(labels)-2]
	service, err := s.Services.Services(namespace).Get(serviceName)
	if err != nil {
		return nil, false
	}
	switch {
	case len(labels) == 3:
		found := s.podAddresses(service, labels[0])
		return found, len(found) > 0
	case isHost(service):
		return []netip.Addr{s.Network.Gateway}, true
	case hasAddress(service):
		address, err := netip.ParseAddr(service.Spec.ClusterIP)
		return []netip.Addr{address}, err == nil
	default:
		return s.podAddresses(service, ""), true
	}
}

// podAddresses are those of the pods of a service, or of the one with that host name.
func (s *Services) podAddresses(service *corev1.Service, hostname string) []netip.Addr {
	found := []netip.Addr{}
	for _, slice := range s.slicesOf(service.Namespace, service.Name) {
		for _, endpoint := range slice.Endpoints {
			ready := endpoint.Conditions.Ready == nil || *endpoint.Conditions.Ready || service.Spec.PublishNotReadyAddresses
			named := hostname == "" || (endpoint.Hostname != nil && *endpoint.Hostname == hostname)
			if !ready || !named {
				continue
			}
			for _, text := range endpoint.Addresses {
				if address, err := netip.ParseAddr(text); err == nil && address.Is4() {
					found = append(found, address)
				}
			}
		}
	}
	return found
}
