package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// writeCertificates makes the authority of a folder and what the API server needs of it, where they are missing, and a
// certificate for each client that is named as FILE=USER,GROUP...
func writeCertificates() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: control-plane certificates FOLDER [FILE=USER,GROUP...]...")
		os.Exit(2)
	}
	in := folder(os.Args[1])
	if _, err := os.Stat(filepath.Join(string(in), "ca.crt")); os.IsNotExist(err) {
		writeAuthority(in)
	}
	for _, argument := range os.Args[2:] {
		file, names, _ := strings.Cut(argument, "=")
		user, groups, _ := strings.Cut(names, ",")
		in.issue(in.readAuthority("ca"), file, client(user, strings.FieldsFunc(groups, isComma)...))
	}
}

func isComma(letter rune) bool { return letter == ',' }

func writeAuthority(in folder) {
	authority := in.createAuthority("ca", "swarmstack-control-plane")
	in.issue(authority, "apiserver", &x509.Certificate{
		Subject:     pkix.Name{CommonName: "kube-apiserver"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{
			"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
		},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 96, 0, 1)},
	})
	// Whoever holds a certificate of this authority may speak for any user to an extension API server.
	in.issue(in.createAuthority("front-proxy-ca", "swarmstack-front-proxy"), "front-proxy-client", client("front-proxy-client"))
	in.createKey("service-accounts")
}

func client(user string, groups ...string) *x509.Certificate {
	return &x509.Certificate{
		Subject:     pkix.Name{CommonName: user, Organization: groups},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
}

type folder string

type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

func (in folder) createAuthority(name, subject string) authority {
	key := in.createKey(name)
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: subject},
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	return authority{certificate: in.sign(name, template, authority{template, key}, key), key: key}
}

func (in folder) issue(by authority, name string, template *x509.Certificate) {
	template.KeyUsage = x509.KeyUsageDigitalSignature
	in.sign(name, template, by, in.createKey(name))
}

func (in folder) sign(name string, template *x509.Certificate, by authority, key crypto.Signer) *x509.Certificate {
	template.SerialNumber = must(rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)))
	template.NotBefore = time.Now().Add(-time.Hour)
	template.NotAfter = template.NotBefore.AddDate(1, 0, 0)
	encoded := must(x509.CreateCertificate(rand.Reader, template, by.certificate, key.Public(), by.key))
	in.write(name+".crt", "CERTIFICATE", encoded)
	return must(x509.ParseCertificate(encoded))
}

func (in folder) createKey(name string) crypto.Signer {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	in.write(name+".key", "PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(key)))
	in.write(name+".pub", "PUBLIC KEY", must(x509.MarshalPKIXPublicKey(key.Public())))
	return key
}

func (in folder) readAuthority(name string) authority {
	key := must(x509.ParsePKCS8PrivateKey(in.read(name + ".key")))
	return authority{certificate: must(x509.ParseCertificate(in.read(name + ".crt"))), key: key.(crypto.Signer)}
}

func (in folder) write(name, kind string, content []byte) {
	text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content})
	must(0, os.WriteFile(filepath.Join(string(in), name), text, 0o600))
}

func (in folder) read(name string) []byte {
	block, _ := pem.Decode(must(os.ReadFile(filepath.Join(string(in), name))))
	return block.Bytes
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}
