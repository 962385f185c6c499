package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"
	"go.uber.org/goleak"

	"github.com/joinery-go/joinery/rest/resttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The program as the README has it makes its tables, starts twice on them, and
// shows a row to who made it and to nobody else.
func TestProgram(t *testing.T) {
	t.Chdir(t.TempDir())
	is := is.New(t)
	for range 2 {
		base, stop := start(t)
		made, body := send(t, "POST", base, ada, `{"title": "Persuasion"}`)
		is.Equal(made, 201)
		is.True(strings.Contains(body, `"user_id":"`+ada+`"`))
		_, body = send(t, "GET", base, ada, "")
		is.True(strings.Contains(body, "Persuasion"))
		_, body = send(t, "GET", base, ben, "")
		is.Equal(strings.TrimSpace(body), `{"items":[]}`)
		unknown, _ := send(t, "GET", base, "", "")
		is.Equal(unknown, 401)
		is.NoErr(stop())
	}
}

// The document says how authenticate finds out who calls.
func TestTheDocumentSaysHowToSignIn(t *testing.T) {
	is := is.New(t)
	var doc struct {
		Components struct {
			SecuritySchemes map[string]struct{ Type, In, Name string }
		}
	}
	resttest.New(t, open(t), nil).Get("/openapi.json").Status(200).JSON(&doc)
	schemes := doc.Components.SecuritySchemes
	is.Equal(len(schemes), 1)
	is.Equal(schemes["user"].Type+" "+schemes["user"].In+" "+schemes["user"].Name, "apiKey header X-User")
}

// start runs the program on a free port until stop.
func start(t *testing.T) (base string, stop func() error) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	_ = ln.Close()
	t.Setenv("ADDR", addr)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	for range 100 {
		if conn, err := net.Dial("tcp", addr); err == nil {
			_ = conn.Close()
			break
		}
		select {
		case err := <-done:
			t.Fatal(err)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return "http://" + addr + "/v1/books", func() error {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		return <-done
	}
}

func send(t *testing.T, method, url, user, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-User", user)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

// The README prints this program and its tests, byte for byte.
func TestReadmePrintsTheProgram(t *testing.T) {
	is := is.New(t)
	readme, err := os.ReadFile("../../README.md")
	is.NoErr(err)
	for _, name := range []string{"main.go", "book_test.go"} {
		code, err := os.ReadFile(name)
		is.NoErr(err)
		is.True(strings.Contains(string(readme), "```go\n"+string(code)+"```\n")) // name
	}
}
