package resttest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// report makes each breach an error of the test.
func report(t testing.TB, d *Document, x Exchange) {
	t.Helper()
	if breaches := d.Check(x); breaches != nil {
		x, _ = x.unpacked() // to be shown; why it cannot be is among the breaches
		t.Errorf("the exchange breaks the OpenAPI document:\n- %s\n%s", strings.Join(breaches, "\n- "), x)
	}
}

// DocumentOf is the document that the handler serves at /openapi.json, read
// as by [ParseDocument]. The test ends where there is none.
func DocumentOf(t testing.TB, h http.Handler, undocumented ...string) *Document {
	t.Helper()
	return New(t, h, &Options{Undocumented: undocumented}).doc
}

// Watch is the handler, with each exchange compared with the document; a
// breach is an error of the test. It holds whole bodies in memory, so it is
// nothing for streams. The handler must not outlive the test.
func Watch(t testing.TB, d *Document, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := Exchange{Method: r.Method, URL: r.URL, RequestHeader: r.Header.Clone()}
		asked := &recording{ReadCloser: r.Body}
		r.Body = asked
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		x.RequestBody, x.Status, x.Header, x.Body = asked.read.Bytes(), rec.Code, rec.Header(), rec.Body.Bytes()
		report(t, d, x)
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes()) // a client that went away is nobody to tell
	})
}

// recording keeps what is read from a body.
type recording struct {
	io.ReadCloser
	read bytes.Buffer
}

func (r *recording) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.read.Write(p[:n])
	return n, err
}

// Transport is base, nil for http.DefaultTransport, with each exchange that
// comes to an end compared with the document; a breach is an error of the
// test. So a validating proxy stands between a client and a server that may be
// another process. It must not be used after the test.
func Transport(t testing.TB, d *Document, base http.RoundTripper) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return transport{t, d, base}
}

type transport struct {
	t    testing.TB
	doc  *Document
	base http.RoundTripper
}

// RoundTrip sends the request, and reads the answer before it passes it on.
func (p transport) RoundTrip(r *http.Request) (*http.Response, error) {
	x := Exchange{Method: r.Method, URL: r.URL, RequestHeader: r.Header}
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close() // it has been read whole
		if err != nil {
			return nil, err
		}
		x.RequestBody = body
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	response, err := p.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	x.Status, x.Header = response.StatusCode, response.Header
	x.Body, err = io.ReadAll(response.Body)
	_ = response.Body.Close() // the same
	response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(x.Body), failing{err}))
	if err == nil {
		report(p.t, p.doc, x)
	}
	return response, nil
}

// failing ends a body as it ended on the wire.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}
