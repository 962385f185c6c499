package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/rest/resttest"
)

// demo is a running demo, as somebody sees it who has read what it printed.
type demo struct {
	t    *testing.T
	vars map[string]string // what it told to export
	done <-chan error      // its end
	stop context.CancelFunc
}

// startDemo runs the demo in this process, on a free port.
func startDemo(t *testing.T, db string) *demo {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	read, write := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := serve(ctx, config{Addr: "127.0.0.1:0", DB: db}, write, io.Discard)
		_ = write.CloseWithError(io.EOF)
		done <- err
	}()
	d := &demo{t: t, vars: readExports(read), done: done, stop: stop}
	t.Cleanup(func() { d.end() })
	if d.vars["API"] == "" {
		t.Fatalf("the demo did not start: %v", d.end())
	}
	d.vars["API"] = validatingProxy(t, d.vars["API"])
	return d
}

// validatingProxy stands in front of a demo and compares all that goes through
// with the demo's own OpenAPI document: so does each test of this package that
// starts a demo, the commands of the README among them.
func validatingProxy(t *testing.T, api string) string {
	t.Helper()
	target, err := url.Parse(api)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	proxy := &httputil.ReverseProxy{Transport: transport, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	server := httptest.NewServer(resttest.Watch(t, resttest.DocumentOf(t, proxy, "/"), proxy))
	t.Cleanup(func() {
		server.Close()
		transport.CloseIdleConnections()
	})
	return server.URL
}

// end stops the demo and is the error it ended with; a second call is nil.
func (d *demo) end() error {
	d.stop()
	select {
	case err, ok := <-d.done:
		if !ok {
			return nil
		}
		return err
	case <-time.After(10 * time.Second):
		return nil
	}
}

// readExports reads what the demo prints, up to the last line, and gives the
// variables that it tells to export.
func readExports(r io.Reader) map[string]string {
	vars := map[string]string{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), " #")
		if rest, ok := strings.CutPrefix(line, "export "); ok {
			for _, pair := range strings.Fields(rest) {
				name, value, _ := strings.Cut(pair, "=")
				vars[name] = value
			}
		}
		if strings.HasPrefix(line, "The tokens hold") {
			break
		}
	}
	return vars
}

// program is the demo as a process of its own.
func program(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "HOME="+t.TempDir(), "XDG_CACHE_HOME=", "DEMO_ADDR=127.0.0.1:0", "DEMO_DB=memory", "LOG_LEVEL=")
	cmd.Env = append(cmd.Env, env...)
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// answer is what a request got.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call sends a request as somebody ("": nobody). Further headers come in pairs.
func (d *demo) call(who, method, path, body string, headers ...string) answer {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), method, d.vars["API"]+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	if who != "" {
		req.Header.Set("Authorization", "Bearer "+d.vars[who])
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, data}
}

// field is a value of the answer's object; nil where there is none.
func (a answer) field(name string) any {
	var row map[string]any
	_ = json.Unmarshal(a.body, &row)
	return row[name]
}

// texts are a field of the answer's items, joined by "; ".
func (a answer) texts(field string) string {
	var page struct{ Items []map[string]any }
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	if err := decoder.Decode(&page); err != nil {
		return err.Error()
	}
	var list []string
	for _, item := range page.Items {
		text, _ := item[field].(string)
		list = append(list, text)
	}
	return strings.Join(list, "; ")
}

// onEach runs a test against a demo on each database.
func onEach(t *testing.T, test func(t *testing.T, d *demo)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, startDemo(t, "memory"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, startDemo(t, testdb.PostgresURL(t)))
	})
	t.Run("mariadb", func(t *testing.T) {
		t.Parallel()
		test(t, startDemo(t, testdb.MariaDBURL(t)))
	})
}
