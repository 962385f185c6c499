package hook_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/joinery-go/joinery/hook"
)

// Placing is the event of placing an order.
type Placing struct {
	hook.Skipper[string]
	Item    string
	Amount  int
	Receipt string
}

// Shop owns an operation and offers a point around it.
type Shop struct {
	Placing hook.Point[Placing]
}

func (s *Shop) Place(ctx context.Context, item string, amount int) (string, error) {
	e := &Placing{Item: item, Amount: amount}
	if err := s.Placing.RunBefore(ctx, e); err != nil {
		return "", err
	}
	if receipt, skipped := e.Skipped(); skipped {
		e.Receipt = receipt
	} else {
		e.Receipt = fmt.Sprintf("%d %s", e.Amount, e.Item)
	}
	if err := s.Placing.RunAfter(ctx, e); err != nil {
		return "", err
	}
	s.Placing.RunCommitted(ctx, *e)
	return e.Receipt, nil
}

// An operation with hooks: one cleans the input, one refuses, one answers
// itself, one reports.
func Example() {
	var shop Shop
	shop.Placing.Before(func(_ context.Context, e *Placing) error {
		e.Item = strings.TrimSpace(e.Item)
		return nil
	}, hook.Name("trim"), hook.Priority(10))
	shop.Placing.Before(func(_ context.Context, e *Placing) error {
		if e.Amount > 100 {
			return errors.New("at most 100")
		}
		return nil
	})
	isAir := func(_ context.Context, e *Placing) bool { return e.Item == "air" }
	shop.Placing.Before(hook.When(isAir, func(_ context.Context, e *Placing) error {
		e.Skip("air is free")
		return nil
	}))
	shop.Placing.Committed(func(_ context.Context, e Placing) error {
		fmt.Println("committed:", e.Receipt)
		return nil
	})

	ctx := context.Background()
	fmt.Println(shop.Place(ctx, " apples ", 3))
	fmt.Println(shop.Place(ctx, "apples", 300))
	fmt.Println(shop.Place(ctx, "air", 1))
	// Output:
	// committed: 3 apples
	// 3 apples <nil>
	//  at most 100
	// committed: air is free
	// air is free <nil>
}

// Any function can have hooks.
func ExampleWrap() {
	greet := func(_ context.Context, name string) (string, error) { return "Hello, " + name, nil }

	var greeting hook.Point[hook.Call[string, string]]
	greet = hook.Wrap(&greeting, greet)

	greeting.Before(func(_ context.Context, c *hook.Call[string, string]) error {
		if c.In == "" {
			c.Skip("Who is there?")
		}
		return nil
	})
	greeting.After(func(_ context.Context, c *hook.Call[string, string]) error {
		c.Out += "!"
		return nil
	})
	fmt.Println(greet(context.Background(), "Ann"))
	fmt.Println(greet(context.Background(), ""))
	// Output:
	// Hello, Ann! <nil>
	// Who is there?! <nil>
}

// A service keeps the points of its operations together.
func ExampleSet() {
	type Change struct{ Name string }
	notes := hook.Set[Change]{Name: "notes"}
	notes.All().Before(func(_ context.Context, c *Change) error {
		fmt.Println("something happens to", c.Name)
		return nil
	})
	notes.On("delete").Before(func(_ context.Context, c *Change) error {
		return fmt.Errorf("%s is kept", c.Name)
	})
	write := func(context.Context, *Change) error { fmt.Println("done"); return nil }

	ctx := context.Background()
	fmt.Println(notes.Run(ctx, "rename", &Change{"list"}, write))
	fmt.Println(notes.Run(ctx, "delete", &Change{"list"}, write))
	// Output:
	// something happens to list
	// done
	// <nil>
	// something happens to list
	// list is kept
}
