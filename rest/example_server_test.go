package rest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/joinery-go/joinery/rest"
)

// The server is told to end, by the ctx, while a request is on its way: the
// request is answered, and Run returns after it.
func ExampleGracefulServer() {
	ctx, stop := context.WithCancel(context.Background())
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		stop() // as a SIGTERM does, with signal.NotifyContext
		fmt.Fprint(w, "still answered")
	})
	server := rest.Server(handler, &rest.ServerOptions{Drain: 10 * time.Second})
	listener, err := net.Listen("tcp", "127.0.0.1:0") // Run listens on ServerOptions.Addr itself
	if err != nil {
		fmt.Println(err)
		return
	}
	done := make(chan error)
	go func() { done <- server.RunOn(ctx, listener) }()

	answer, err := http.Get("http://" + listener.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	fmt.Println(answer.Status)
	fmt.Println(<-done, server.Shutdown(context.Background())) // a second end changes nothing
	// Output:
	// 200 OK
	// <nil> <nil>
}

// Ready is what a load balancer is told at /readyz: not while a check fails,
// and never again once the process is about to end.
func ExampleHealth() {
	answers := false
	var health rest.Health // that of an API is api.Health()
	health.Log = slog.New(slog.DiscardHandler)
	health.Add("database", func(context.Context) error { // db.Ping
		if !answers {
			return errors.New("connection refused")
		}
		return nil
	})
	fmt.Println("the database is away:", health.Ready(context.Background()))

	answers = true
	health.Add("cache", func(context.Context) error { return nil }) // a new check asks all anew
	fmt.Println("it is back:", health.Ready(context.Background()))
	health.Drain()
	fmt.Println("the process ends:", health.Ready(context.Background()))
	// Output:
	// the database is away: false
	// it is back: true
	// the process ends: false
}
