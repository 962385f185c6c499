package crudtest_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/crudtest"
)

// brokenCase names a way of being broken to a process of this test binary.
const brokenCase = "JOINERY_CRUDTEST_BROKEN"

// broken are managers that do something wrong, each with a test that must say
// so.
var broken = map[string]struct {
	notices string
	spoil   spoil
}{
	"another title": {"create", func(m *crud.Manager[Bed, CreateBed, UpdateBed]) {
		m.Hooks().Create.Before(func(_ context.Context, e *crud.CreateEvent[Bed, CreateBed]) error { e.Input.Title = "x"; return nil })
	}},
	"an answer that was not written": {"update", func(m *crud.Manager[Bed, CreateBed, UpdateBed]) {
		m.Hooks().Update.After(func(_ context.Context, e *crud.UpdateEvent[Bed, UpdateBed]) error { e.Row.Title = "x"; return nil })
	}},
	"a page that lacks a row": {"sort_and_page", func(m *crud.Manager[Bed, CreateBed, UpdateBed]) {
		m.Hooks().List.After(func(_ context.Context, e *crud.ListEvent[Bed]) error {
			e.Page.Items = e.Page.Items[:len(e.Page.Items)/2]
			return nil
		})
	}},
	"a filter that is ignored": {"search", func(m *crud.Manager[Bed, CreateBed, UpdateBed]) {
		m.Hooks().List.Before(func(_ context.Context, e *crud.ListEvent[Bed]) error {
			if e.Query.Filter.Field == "price" {
				e.Query.Filter.Op = "null"
				e.Query.Filter.Value = false
			}
			return nil
		})
	}},
	"a delete that is skipped": {"delete", func(m *crud.Manager[Bed, CreateBed, UpdateBed]) {
		m.Hooks().Delete.Before(func(_ context.Context, e *crud.DeleteEvent[Bed]) error { e.Skip(struct{}{}); return nil })
	}},
}

func TestBrokenManagersAreNoticed(t *testing.T) {
	t.Parallel()
	if name := os.Getenv(brokenCase); name != "" {
		crudtest.Run(t, beds(nil, broken[name].spoil))
		return
	}
	for name, b := range broken {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failsWith(t, "TestBrokenManagersAreNoticed", brokenCase+"="+name, "--- FAIL: TestBrokenManagersAreNoticed/sqlite/"+b.notices)
		})
	}
}

// failsWith runs the test in a process of this test binary with a setting in
// its environment, where it must fail and say all that is wanted.
func failsWith(t *testing.T, test, setting string, wants ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.v")
	cmd.Env = append(os.Environ(), setting)
	out, err := cmd.CombinedOutput()
	for _, want := range wants {
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("want %q, got:\n%s", want, out)
		}
	}
}
