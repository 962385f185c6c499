package rest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// table finds routes by path segments. Static segments go before parameters,
// method by method, so that GET /notes/export stands beside GET /notes/:id.
// It is filled at start-up and then only read.
type table struct{ root node }

type node struct {
	static map[string]*node
	param  *node
	routes []*route // at most one per method
}

// add puts a route into the table and returns the one that was already there
// under the same method and shape, which then stays.
func (t *table) add(rt *route) *route {
	n := &t.root
	for _, segment := range rt.segments {
		n = n.child(segment)
	}
	if old := n.find(rt.method); old != nil {
		return old
	}
	n.routes = append(n.routes, rt)
	return nil
}

func (n *node) child(segment string) *node {
	if isParam(segment) {
		if n.param == nil {
			n.param = &node{}
		}
		return n.param
	}
	if n.static == nil {
		n.static = map[string]*node{}
	}
	if n.static[segment] == nil {
		n.static[segment] = &node{}
	}
	return n.static[segment]
}

func (n *node) find(method string) *route {
	for _, rt := range n.routes {
		if rt.method == method {
			return rt
		}
	}
	return nil
}

// match is the route of the method for the path; nil where there is none. A
// route for GET answers HEAD too.
func (t *table) match(method string, path []string) *route {
	if method == http.MethodHead {
		if rt := t.root.match(method, path); rt != nil {
			return rt
		}
		method = http.MethodGet
	}
	return t.root.match(method, path)
}

func (n *node) match(method string, path []string) *route {
	if len(path) == 0 {
		return n.find(method)
	}
	if next := n.static[path[0]]; next != nil {
		if rt := next.match(method, path[1:]); rt != nil {
			return rt
		}
	}
	if n.param != nil {
		return n.param.match(method, path[1:])
	}
	return nil
}

// allow lists the methods that the table has for the path, sorted, with HEAD
// and OPTIONS; nil for a path that no route has.
func (t *table) allow(path []string) []string {
	methods := t.root.methods(path, nil)
	if methods == nil {
		return nil
	}
	if slices.Contains(methods, http.MethodGet) {
		methods = append(methods, http.MethodHead)
	}
	methods = append(methods, http.MethodOptions)
	slices.Sort(methods)
	return slices.Compact(methods)
}

func (n *node) methods(path, found []string) []string {
	if len(path) == 0 {
		for _, rt := range n.routes {
			found = append(found, rt.method)
		}
		return found
	}
	if next := n.static[path[0]]; next != nil {
		found = next.methods(path[1:], found)
	}
	if n.param != nil {
		found = n.param.methods(path[1:], found)
	}
	return found
}

func isParam(segment string) bool { return strings.HasPrefix(segment, ":") }

// splitPath is the request's path in decoded segments; false for a path that
// no route can have: an empty or dot segment (so a trailing or doubled slash),
// an encoded slash, NUL, or text that is not UTF-8. Each segment is decoded
// exactly once, and nothing is cleaned: what is not spelled like a route is no
// route, and so cannot reach one past a middleware.
func splitPath(u *url.URL, dst []string) ([]string, bool) {
	path, escaped := u.Path, u.RawPath != ""
	if escaped {
		path = u.EscapedPath()
	}
	if path == "/" {
		return dst[:0], true
	}
	if path == "" || path[0] != '/' {
		return nil, false
	}
	dst = dst[:0]
	for segment := range strings.SplitSeq(path[1:], "/") {
		if escaped {
			decoded, err := url.PathUnescape(segment)
			if err != nil {
				return nil, false
			}
			segment = decoded
		}
		if !goodSegment(segment) {
			return nil, false
		}
		dst = append(dst, segment)
	}
	return dst, true
}

func goodSegment(s string) bool {
	return s != "" && s != "." && s != ".." && !strings.ContainsAny(s, "/\\\x00") && utf8.ValidString(s)
}
