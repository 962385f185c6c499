package rest

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

type clientIPKey struct{}

// ClientIP is the address of the client: that of the connection, or what
// [TrustedProxies] found behind the proxies of the house. It is invalid where
// the connection has none, as in some tests.
func ClientIP(r *http.Request) netip.Addr {
	if ip, ok := r.Context().Value(clientIPKey{}).(netip.Addr); ok {
		return ip
	}
	return peer(r)
}

// TrustedProxies is a middleware that believes X-Forwarded-For as far as it
// was written by proxies of the given networks (CIDR, as "10.0.0.0/8"): the
// client is the right-most address that is not one of them. From any other
// peer the header changes nothing, and no other forwarding header is ever
// believed. A network that cannot be read is an error.
func TrustedProxies(networks ...string) (func(http.Handler) http.Handler, error) {
	trusted, err := parseNetworks(networks)
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if ip := peer(r); trusts(trusted, ip) {
				ip = behind(trusted, ip, r.Header["X-Forwarded-For"])
				r = r.WithContext(context.WithValue(r.Context(), clientIPKey{}, ip))
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}

func parseNetworks(networks []string) ([]netip.Prefix, error) {
	trusted := make([]netip.Prefix, 0, len(networks))
	for _, text := range networks {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("rest: trusted proxy %q is no network such as 10.0.0.0/8: %w", text, err)
		}
		trusted = append(trusted, p.Masked())
	}
	return trusted, nil
}

// behind is the right-most address of the headers that is no trusted proxy.
// What cannot be read ends the walk: whoever wrote it is the client as far as
// anybody can tell.
func behind(trusted []netip.Prefix, ip netip.Addr, headers []string) netip.Addr {
	hops := strings.Split(strings.Join(headers, ","), ",")
	for i := len(hops) - 1; i >= 0 && trusts(trusted, ip); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return ip
		}
		ip = hop.Unmap().WithZone("")
	}
	return ip
}

func trusts(trusted []netip.Prefix, ip netip.Addr) bool {
	for _, p := range trusted {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

func peer(r *http.Request) netip.Addr {
	if ap, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}
