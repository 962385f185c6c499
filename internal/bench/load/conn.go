package load

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Request is one HTTP request as it goes over the wire. A nil body is none.
func Request(method, target, bearer string, body []byte, headers ...string) []byte {
	var b bytes.Buffer
	b.WriteString(method + " " + target + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + bearer + "\r\n")
	for i := 0; i+1 < len(headers); i += 2 {
		b.WriteString(headers[i] + ": " + headers[i+1] + "\r\n")
	}
	if body != nil {
		b.WriteString("Content-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}

// Conn is one kept-alive connection. It is not safe for concurrent use.
type Conn struct {
	conn net.Conn
	in   *bufio.Reader
	body bytes.Buffer
}

// patience is how long one answer may take; then Do fails with
// os.ErrDeadlineExceeded.
const patience = 20 * time.Second

// Dial connects to host:port.
func Dial(addr string) (*Conn, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &Conn{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// Close closes the connection.
func (c *Conn) Close() error { return c.conn.Close() }

// Do sends the request and reads the answer. The body is valid until the next
// call.
func (c *Conn) Do(request []byte) (status int, body []byte, err error) {
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, nil, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return 0, nil, err
	}
	resp, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	c.body.Reset()
	if _, err := c.body.ReadFrom(resp.Body); err != nil {
		return 0, nil, fmt.Errorf("read the answer: %w", err)
	}
	return resp.StatusCode, c.body.Bytes(), nil
}

// Get is one request on a connection of its own, whose answer must have the
// status 200.
func Get(addr, target, bearer string) ([]byte, error) {
	c, err := Dial(addr)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	status, body, err := c.Do(Request(http.MethodGet, target, bearer, nil))
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("GET %s: %d %s", target, status, body)
	}
	return bytes.Clone(body), err
}
