// Package network gives pods addresses of their own, in network namespaces that nothing of the machine's own network sees.
// They go with the process that made them.
package network

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

const bridgeName = "pods"

// Network is a namespace with a bridge that all pods hang on. Its address is the pods' gateway and name server.
type Network struct {
	Gateway netip.Addr

	space  *os.File
	host   *os.File
	handle *netlink.Handle
	bridge netlink.Link
	subnet netip.Prefix

	mu   sync.Mutex
	last netip.Addr
	used map[netip.Addr]bool
}

// Pod is the place of one pod in the network.
type Pod struct {
	Address netip.Addr
	// Space is its network namespace.
	Space *os.File
}

// New makes the network of a node for a subnet such as 10.245.0.0/16.
func New(subnet netip.Prefix) (*Network, error) {
	host, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return nil, err
	}
	space, err := newSpace()
	if err != nil {
		return nil, err
	}
	handle, err := netlink.NewHandleAt(netns.NsHandle(space.Fd()))
	if err != nil {
		return nil, err
	}
	gateway := subnet.Masked().Addr().Next()
	n := &Network{
		Gateway: gateway, space: space, host: host, handle: handle,
		subnet: subnet.Masked(), last: gateway, used: map[netip.Addr]bool{},
	}
	if err := n.makeBridge(); err != nil {
		return nil, fmt.Errorf("the pods' bridge: %w", err)
	}
	return n, nil
}

func (n *Network) makeBridge() error {
	attributes := netlink.NewLinkAttrs()
	attributes.Name = bridgeName
	// Fixed: a bridge without takes on that of a pod and changes it with the pods.
	attributes.HardwareAddr = net.HardwareAddr{0x02, 0, 0, 0, 0, 1}
	if err := n.handle.LinkAdd(&netlink.Bridge{LinkAttrs: attributes}); err != nil {
		return err
	}
	bridge, err := n.handle.LinkByName(bridgeName)
	if err != nil {
		return err
	}
	n.bridge = bridge
	if err := n.handle.AddrAdd(bridge, address(n.Gateway, n.subnet.Bits())); err != nil {
		return err
	}
	return n.handle.LinkSetUp(bridge)
}

// AddPod makes a namespace with an address, and a way to all other pods and to services.
func (n *Network) AddPod() (*Pod, error) {
	space, err := newSpace()
	if err != nil {
		return nil, err
	}
	pod := &Pod{Address: n.takeAddress(), Space: space}
	if err := n.connect(pod); err != nil {
		n.Release(pod)
		return nil, fmt.Errorf("the network of %s: %w", pod.Address, err)
	}
	return pod, nil
}

func (n *Network) connect(pod *Pod) error {
	attributes := netlink.NewLinkAttrs()
	attributes.Name = fmt.Sprintf("p%x", pod.Address.As4())
	attributes.MasterIndex = n.bridge.Attrs().Index
	veth := &netlink.Veth{LinkAttrs: attributes, PeerName: "eth0", PeerNamespace: netlink.NsFd(pod.Space.Fd())}
	if err := n.handle.LinkAdd(veth); err != nil {
		return err
	}
	if err := n.handle.LinkSetUp(veth); err != nil {
		return err
	}
	inside, err := netlink.NewHandleAt(netns.NsHandle(pod.Space.Fd()))
	if err != nil {
		return err
	}
	defer inside.Close()
	link, err := inside.LinkByName("eth0")
	if err != nil {
		return err
	}
	if err := inside.AddrAdd(link, address(pod.Address, n.subnet.Bits())); err != nil {
		return err
	}
	if err := inside.LinkSetUp(link); err != nil {
		return err
	}
	return inside.RouteAdd(&netlink.Route{LinkIndex: link.Attrs().Index, Gw: n.Gateway.AsSlice()})
}

// Release gives an address back; the namespace ends with the last process in it.
func (n *Network) Release(pod *Pod) {
	pod.Space.Close()
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.used, pod.Address)
}

// takeAddress goes round the subnet, so that an address is not given out again soon.
func (n *Network) takeAddress() netip.Addr {
	n.mu.Lock()
	defer n.mu.Unlock()
	for {
		n.last = n.last.Next()
		if !n.subnet.Contains(n.last.Next()) {
			n.last = n.Gateway.Next()
		}
		if !n.used[n.last] {
			n.used[n.last] = true
			return n.last
		}
	}
}

// addVirtual makes this namespace answer for the address of a service.
func (n *Network) addVirtual(virtual netip.Addr) error {
	loopback, err := n.handle.LinkByName("lo")
	if err != nil {
		return err
	}
	err = n.handle.AddrAdd(loopback, address(virtual, 32))
	if err == unix.EEXIST {
		return nil
	}
	return err
}

// Dial connects to a pod from the gateway.
func (n *Network) Dial(ctx context.Context, kind, where string) (net.Conn, error) {
	var connection net.Conn
	err := n.inside(func() (err error) {
		connection, err = (&net.Dialer{}).DialContext(ctx, kind, where)
		return err
	})
	return connection, err
}

func (n *Network) listen(where string) (net.Listener, error) {
	var listener net.Listener
	err := n.inside(func() (err error) {
		listener, err = net.Listen("tcp", where)
		return err
	})
	return listener, err
}

// inside runs a function on a thread of the network's namespace: sockets stay in the one that they are made in.
func (n *Network) inside(do func() error) error {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		if err := unix.Setns(int(n.space.Fd()), unix.CLONE_NEWNET); err != nil {
			result <- err
			return
		}
		result <- do()
		if unix.Setns(int(n.host.Fd()), unix.CLONE_NEWNET) == nil {
			runtime.UnlockOSThread()
		}
	}()
	return <-result
}

// newSpace makes a network namespace whose loopback is up. It lives as long as the file or a process in it.
func newSpace() (*os.File, error) {
	type result struct {
		file *os.File
		err  error
	}
	results := make(chan result, 1)
	go func() {
		// Never unlocked: the thread ends with this goroutine.
		runtime.LockOSThread()
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			results <- result{nil, err}
			return
		}
		file, err := os.Open("/proc/thread-self/ns/net")
		if err == nil {
			err = loopbackUp()
		}
		results <- result{file, err}
	}()
	one := <-results
	return one.file, one.err
}

func loopbackUp() error {
	loopback, err := netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	return netlink.LinkSetUp(loopback)
}

func address(addr netip.Addr, bits int) *netlink.Addr {
	return &netlink.Addr{IPNet: &net.IPNet{IP: addr.AsSlice(), Mask: net.CIDRMask(bits, 32)}}
}
