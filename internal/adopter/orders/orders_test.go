package orders_test

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/hook"
	"github.com/joinery-go/joinery/internal/adopter/orders"
)

type placing = hook.Call[orders.Order, orders.Receipt]

func TestHooksAroundAnExistingFunction(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	shop := orders.NewShop(map[string]int{"lamp": 2500})
	tooMany := errors.New("at most 10")
	shop.Placing.Before(func(_ context.Context, c *placing) error {
		if c.In.Amount > 10 {
			return tooMany
		}
		return nil
	})
	shop.Placing.Before(hook.When(func(_ context.Context, c *placing) bool { return c.In.Article == "air" }, func(_ context.Context, c *placing) error {
		c.Skip(orders.Receipt{Text: "air"})
		return nil
	}))
	shop.Placing.After(func(_ context.Context, c *placing) error {
		c.Out.Text += ", thank you"
		return nil
	})
	var sold []string
	shop.Placing.Committed(func(_ context.Context, c placing) error {
		sold = append(sold, c.Out.Text)
		return nil
	})

	got, err := shop.Place(t.Context(), orders.Order{Article: "lamp", Amount: 2})
	is.NoErr(err)
	is.Equal(got, orders.Receipt{Text: "lamp, thank you", Cents: 5000})
	_, err = shop.Place(t.Context(), orders.Order{Article: "lamp", Amount: 11})
	is.Equal(err, tooMany) // the very error of the hook
	_, err = shop.Place(t.Context(), orders.Order{Article: "car", Amount: 1})
	is.True(err != nil) // the function's own error
	got, err = shop.Place(t.Context(), orders.Order{Article: "air", Amount: 1})
	is.NoErr(err)
	is.Equal(got.Cents, 0)
	is.Equal(sold, []string{"lamp, thank you", "air, thank you"})
}

func TestPointOfOnesOwn(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	shop := orders.NewShop(nil)
	shop.Shipped.Before(func(_ context.Context, e *orders.Shipment) error {
		if e.Receipt.Cents > 100_00 {
			e.Carrier = "van"
		}
		return nil
	})
	carrier, err := shop.Ship(t.Context(), orders.Receipt{Cents: 500_00})
	is.NoErr(err)
	is.Equal(carrier, "van")
}

// The service links package hook, the standard library, and nothing else.
func TestLinksNothingElse(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	is.New(t).Equal(strings.Fields(string(out)), []string{"github.com/joinery-go/joinery/hook", "github.com/joinery-go/joinery/internal/adopter/orders"})
}
