package hook_test

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"github.com/joinery-go/joinery/hook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// event is what the operations of these tests are about.
type event struct {
	hook.Skipper[string]
	Seen []string
}

// mark gives a hook that writes down that it ran.
func mark(name string) func(context.Context, *event) error {
	return func(_ context.Context, e *event) error {
		e.Seen = append(e.Seen, name)
		return nil
	}
}

func pass(context.Context, *event) error { return nil }
