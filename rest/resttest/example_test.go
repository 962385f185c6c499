package resttest_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/rest"
	"github.com/joinery-go/joinery/rest/resttest"
)

// T stands for the *testing.T of a test, which an example does not have.
type T struct{ testing.TB }

func (T) Helper()                   {}
func (T) Context() context.Context  { return context.Background() }
func (T) Fatalf(f string, a ...any) { panic(fmt.Sprintf(f, a...)) }
func (T) Errorf(f string, a ...any) { fmt.Printf(f+"\n", a...) }

type Hello struct {
	Name string `path:"name" json:"-"`
}

type Greeting struct {
	Text string `json:"text"`
}

// A test sends requests, says what must come back, and has every exchange
// compared with the OpenAPI document.
func ExampleNew() {
	t := T{}
	app := rest.New(nil, &rest.Options{NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})
	err := rest.Handle(app, "GET", "/hello/:name", func(_ context.Context, in Hello) (Greeting, error) {
		if in.Name == "nobody" {
			return Greeting{}, joinery.Errorf(joinery.NotFound, "", "There is nobody.")
		}
		return Greeting{Text: "Hello, " + in.Name}, nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	ada := joinery.Actor{ID: uuid.New(), Kind: joinery.User}
	api := resttest.New(t, app, nil).As(resttest.Actor(ada))
	var g Greeting
	api.Get("/hello/ada").Status(200).JSON(&g)
	api.Get("/hello/nobody").Status(404).Problem("not_found")
	api.As(resttest.Nobody()).Get("/hello/ada").Status(401)
	fmt.Println(g.Text)
	// Output: Hello, ada
}
