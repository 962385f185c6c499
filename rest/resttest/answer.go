package resttest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/rest"
)

// Answer is what came back. Its methods end the test where it is not what was
// expected, and return the answer for the next one.
type Answer struct {
	t testing.TB
	x Exchange
}

// Code is the status.
func (a *Answer) Code() int { return a.x.Status }

// Body is the whole body.
func (a *Answer) Body() []byte { return a.x.Body }

// Headers are the headers. Do not change them.
func (a *Answer) Headers() http.Header { return a.x.Header }

// Status expects a status.
func (a *Answer) Status(want int) *Answer {
	a.t.Helper()
	if a.x.Status != want {
		a.fail("want status %d", want)
	}
	return a
}

// Header expects a header, the empty string its absence.
func (a *Answer) Header(name, want string) *Answer {
	a.t.Helper()
	if got := a.x.Header.Get(name); got != want {
		a.fail("header %s is %q, want %q", name, got, want)
	}
	return a
}

// JSON expects a JSON body, and reads it into dst, a pointer. Members that dst
// has no field for are skipped.
func (a *Answer) JSON(dst any) *Answer {
	a.t.Helper()
	if !isJSON(mediaOf(a.x.Header)) {
		a.fail("want JSON, not %q", a.x.Header.Get("Content-Type"))
	}
	if err := json.Unmarshal(a.x.Body, dst); err != nil {
		a.fail("the body cannot be read into %T: %v", dst, err)
	}
	return a
}

// Problem expects a problem document (RFC 9457) with the code. Pointers are
// JSON pointers, as "/title", or names of parameters: the problem must name
// each, and may name others.
func (a *Answer) Problem(code string, pointers ...string) *Answer {
	a.t.Helper()
	p := a.problem()
	if p.Code != code {
		a.fail("the problem's code is %q, want %q", p.Code, code)
	}
	for _, pointer := range pointers {
		if !slices.ContainsFunc(p.Errors, func(f rest.ProblemField) bool { return f.Pointer == pointer || f.Parameter == pointer }) {
			a.fail("the problem does not name %s", pointer)
		}
	}
	return a
}

// problem is the problem document that the answer must be.
func (a *Answer) problem() (p rest.Problem) {
	a.t.Helper()
	if mediaOf(a.x.Header) != typeProblem {
		a.fail("want a problem document")
	}
	a.JSON(&p)
	if p.Status != a.x.Status {
		a.fail("the problem says status %d", p.Status)
	}
	return p
}

// fail ends the test with the whole exchange.
func (a *Answer) fail(format string, args ...any) {
	a.t.Helper()
	a.t.Fatalf("%s\n%s", fmt.Sprintf(format, args...), a.x)
}

// String is the exchange as a message shows it.
func (x Exchange) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", x.Method, x.URL.RequestURI())
	for _, name := range []string{"Content-Type", "If-Match", "If-None-Match"} {
		if v := x.RequestHeader.Get(name); v != "" {
			fmt.Fprintf(&b, "\n%s: %s", name, v)
		}
	}
	if len(x.RequestBody) > 0 {
		b.WriteString("\n" + excerpt(x.RequestBody))
	}
	fmt.Fprintf(&b, "\n-> %d %s", x.Status, http.StatusText(x.Status))
	if len(x.Body) > 0 {
		b.WriteString("\n" + excerpt(x.Body))
	}
	return b.String()
}
