package rest

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/julienschmidt/httprouter"
)

// httprouter refuses a static segment beside a parameter under one method, and
// two names for one position. It therefore sees shapes only: from the first
// parameter on every segment is a parameter, named by its position. Which route
// a request means is looked up in the API's own table.

// shapeOf is the path that httprouter gets for a route.
func (a *API) shapeOf(rt *route) string {
	var b strings.Builder
	count := 0
	for i, segment := range rt.segments {
		b.WriteByte('/')
		if count > 0 || isParam(segment) || a.collections[joinPath(rt.segments[:i])] {
			count++
			b.WriteString(":" + strconv.Itoa(count))
		} else {
			b.WriteString(segment)
		}
	}
	if b.Len() == 0 {
		return "/"
	}
	return b.String()
}

func joinPath(segments []string) string { return "/" + strings.Join(segments, "/") }

// register makes the router lead requests of the route's shape to the API. A
// clash with a route of the app is an error that names both.
func (a *API) register(rt *route) error {
	if i := slices.IndexFunc(rt.segments, isParam); i >= 0 {
		a.collections[joinPath(rt.segments[:i])] = true
	}
	methods := []string{rt.method, http.MethodOptions}
	if rt.method == http.MethodGet {
		methods = append(methods, http.MethodHead)
	}
	shape := a.shapeOf(rt)
	for _, method := range methods {
		if err := a.registerShape(method, shape, rt); err != nil {
			return err
		}
	}
	return nil
}

func (a *API) registerShape(method, shape string, rt *route) error {
	own := &route{method: method, segments: strings.Split(shape[1:], "/")}
	if shape == "/" {
		own.segments = nil
	}
	if a.shapes.add(own) != nil {
		return nil // the same shape leads here already
	}
	reason := handle(a.router, method, shape, a.fromRouter)
	if reason == nil {
		a.registered[method+" "+shape] = true
		return nil
	}
	for _, path := range registeredPaths(a.router, method) {
		if !a.registered[method+" "+path] && overlaps(path, shape) {
			return fmt.Errorf("rest: %s %s clashes with %s %s, which is registered on the router", rt.method, rt.path, method, path)
		}
	}
	if a.ownsFallback {
		return nil // a route of our own, static and registered before: NotFound leads here
	}
	return fmt.Errorf("rest: %s %s clashes with the router's routes: %v", rt.method, rt.path, reason)
}

// handle registers with httprouter and returns what it panics with.
func handle(router *httprouter.Router, method, path string, h httprouter.Handle) (reason any) {
	defer func() { reason = recover() }()
	router.Handle(method, path, h)
	return nil
}

// overlaps reports whether httprouter could see the two paths as rivals: one is
// a prefix of the other where segments match or either is a wildcard.
func overlaps(a, b string) bool {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	for i := range min(len(as), len(bs)) {
		wild := strings.HasPrefix(as[i], ":") || strings.HasPrefix(as[i], "*") || isParam(bs[i])
		if wild {
			return true
		}
		if as[i] != bs[i] {
			return false
		}
	}
	return len(as) == len(bs)
}

// registeredPaths lists the paths that the router has for the method.
// httprouter keeps them to itself and its panics do not always name them, so
// its tree is read by reflection; with another layout the list is empty and an
// error falls back on the panic's own words.
func registeredPaths(router *httprouter.Router, method string) []string {
	trees := reflect.ValueOf(router).Elem().FieldByName("trees")
	if !trees.IsValid() || trees.Kind() != reflect.Map {
		return nil
	}
	root := trees.MapIndex(reflect.ValueOf(method))
	if !root.IsValid() {
		return nil
	}
	return pathsBelow(root, "", nil)
}

func pathsBelow(n reflect.Value, prefix string, found []string) []string {
	if n.Kind() != reflect.Pointer || n.IsNil() {
		return found
	}
	n = n.Elem()
	path, children, handle := n.FieldByName("path"), n.FieldByName("children"), n.FieldByName("handle")
	if !path.IsValid() || !children.IsValid() || !handle.IsValid() {
		return found
	}
	prefix += path.String()
	if !handle.IsNil() {
		found = append(found, prefix)
	}
	for i := range children.Len() {
		found = pathsBelow(children.Index(i), prefix, found)
	}
	return found
}
