package pods

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
)

// probeClient connects in the pods' network, follows no redirect and, as the kubelet, checks no certificate.
func probeClient(dial func(context.Context, string, string) (net.Conn, error)) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:       dial,
			DisableKeepAlives: true,
			TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
