package hook_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/joinery-go/joinery/hook"
)

// Hooks have names, to be replaced and removed by, and limits of time.
func ExamplePoint_Remove() {
	var shop Shop
	shop.Placing.Timeout = time.Second
	shop.Placing.After(func(ctx context.Context, e *Placing) error {
		_, limited := ctx.Deadline()
		fmt.Println("stock is asked, with a limit:", limited)
		return nil
	}, hook.Name("stock"), hook.Timeout(100*time.Millisecond))
	fmt.Println(shop.Placing.HasBefore(), shop.Placing.HasAfter(), shop.Placing.HasCommitted())

	ctx := context.Background()
	fmt.Println(shop.Place(ctx, "apples", 3))
	fmt.Println("removed:", shop.Placing.Remove("stock"), shop.Placing.Remove("stock"))
	fmt.Println(shop.Place(ctx, "pears", 1))
	// Output:
	// false true false
	// stock is asked, with a limit: true
	// 3 apples <nil>
	// removed: true false
	// 1 pears <nil>
}

// What fails after the commit cannot undo it: it is logged and counted.
func ExamplePoint_Failures() {
	var shop Shop
	shop.Placing.Logger = slog.New(slog.NewTextHandler(io.Discard, nil)) // the default: slog.Default
	shop.Placing.Committed(func(context.Context, Placing) error { return errors.New("no mail server") })
	fmt.Println(shop.Place(context.Background(), "apples", 3))
	fmt.Println("failures:", shop.Placing.Failures())
	// Output:
	// 3 apples <nil>
	// failures: 1
}

// An operation in a transaction has its Committed hooks run by the commit.
func ExampleOnCommit() {
	type Transfer struct{ Amount int }
	var commit []func()
	afterCommit := func(ctx context.Context, run func(context.Context)) {
		commit = append(commit, func() { run(ctx) })
	}
	accounts := hook.Set[Transfer]{Name: "accounts"}
	accounts.On("transfer").Committed(func(_ context.Context, e Transfer) error {
		fmt.Println("mail: transferred", e.Amount)
		return nil
	})
	move := func(context.Context, *Transfer) error { fmt.Println("moved"); return nil }

	fmt.Println(accounts.Run(context.Background(), "transfer", &Transfer{Amount: 20}, move, hook.OnCommit(afterCommit)))
	fmt.Println("commit")
	for _, run := range commit {
		run()
	}
	fmt.Println("failures:", accounts.Failures())
	// Output:
	// moved
	// <nil>
	// commit
	// mail: transferred 20
	// failures: 0
}

// An operation has a typed point of its own and shares one with its siblings,
// whose event is another view of the same call. Their hooks run as one list.
func ExampleRunBeforeBoth() {
	type Any struct{ Operation string }
	type Rename struct{ From, To string }
	var all hook.Point[Any]
	var renaming hook.Point[Rename]
	all.Before(func(_ context.Context, e *Any) error { fmt.Println("1 any:", e.Operation); return nil }, hook.Priority(10))
	renaming.Before(func(_ context.Context, e *Rename) error { fmt.Println("2 rename to", e.To); return nil }, hook.Priority(20))
	all.Before(func(context.Context, *Any) error { fmt.Println("3 any"); return nil }, hook.Priority(30))
	renaming.After(func(_ context.Context, e *Rename) error { fmt.Println("renamed", e.From); return nil })
	all.Committed(func(_ context.Context, e Any) error { fmt.Println("committed:", e.Operation); return nil })

	ctx := context.Background()
	shared, own := Any{Operation: "rename"}, Rename{From: "a", To: "b"}
	if err := hook.RunBeforeBoth(ctx, &all, &shared, &renaming, &own); err != nil {
		fmt.Println(err)
		return
	}
	// … rename …
	if err := hook.RunAfterBoth(ctx, &all, &shared, &renaming, &own); err != nil {
		fmt.Println(err)
		return
	}
	hook.RunCommittedBoth(ctx, &all, shared, &renaming, own)
	// Output:
	// 1 any: rename
	// 2 rename to b
	// 3 any
	// renamed a
	// committed: rename
}
