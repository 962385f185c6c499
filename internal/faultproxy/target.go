package faultproxy

import (
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"strings"
)

// target is the server behind the proxy.
type target struct {
	url              url.URL
	network, address string
}

func parse(text string) (target, error) {
	u, err := url.Parse(text)
	if err != nil {
		return target{}, errors.New("the URL of the server is malformed")
	}
	query := u.Query()
	if socket := query.Get("socket"); socket != "" {
		return target{*u, "unix", socket}, nil
	}
	host, port := u.Hostname(), u.Port()
	if h := query.Get("host"); h != "" {
		host = h
	}
	if p := query.Get("port"); p != "" {
		port = p
	}
	if port == "" {
		port = map[string]string{"mysql": "3306", "mariadb": "3306"}[u.Scheme]
	}
	if port == "" {
		port = "5432"
	}
	switch {
	case host == "":
		return target{}, errors.New("the URL of the server names no host")
	case strings.HasPrefix(host, "/"):
		return target{*u, "unix", filepath.Join(host, ".s.PGSQL."+port)}, nil
	}
	return target{*u, "tcp", net.JoinHostPort(host, port)}, nil
}

// through is the URL with another address. Encryption is not asked for unless
// the URL does so: a socket file had none either.
func (t target) through(addr string) string {
	u, query := t.url, t.url.Query()
	query.Del("host")
	query.Del("port")
	query.Del("socket")
	if strings.HasPrefix(u.Scheme, "postgres") && !query.Has("sslmode") {
		query.Set("sslmode", "disable")
	}
	u.Host, u.RawQuery = addr, query.Encode()
	return u.String()
}
