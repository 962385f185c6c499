package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"
)

// Ctrl-C lets a request in flight finish, takes no further one, and then ends
// the process with exit code 0.
func TestCtrlCDrains(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent Ctrl-C there")
	}
	is := is.New(t)
	cmd := program(t, nil)
	out, err := cmd.StdoutPipe()
	is.NoErr(err)
	is.NoErr(cmd.Start())
	vars := readExports(out)
	host := strings.TrimPrefix(vars["API"], "http://")

	conn, err := net.Dial("tcp", host)
	is.NoErr(err)
	defer conn.Close()
	body := `{"title": "Written while draining"}`
	fmt.Fprintf(conn, "POST /v1/notes HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		host, vars["BEN"], len(body), body[:10])
	time.Sleep(200 * time.Millisecond) // until the server reads the body
	is.NoErr(cmd.Process.Signal(os.Interrupt))
	is.True(closesDoor(host)) // no new connection is accepted

	_, err = io.WriteString(conn, body[10:])
	is.NoErr(err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	is.NoErr(err)
	is.NoErr(resp.Body.Close())
	is.Equal(resp.StatusCode, http.StatusCreated)
	_, _ = io.Copy(io.Discard, out)
	is.NoErr(cmd.Wait())
}

// closesDoor waits until nothing listens on the address any more.
func closesDoor(addr string) bool {
	for range 100 {
		conn, err := net.DialTimeout("tcp", addr, time.Second)
		if err != nil {
			return true
		}
		_ = conn.Close()
		time.Sleep(20 * time.Millisecond)
	}
	return false
}
