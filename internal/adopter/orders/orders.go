// Package orders is an existing service that adopts package hook alone: other
// parts of the shop add functions around the placing of an order.
package orders

import (
	"context"
	"errors"

	"github.com/joinery-go/joinery/hook"
)

// Order is what somebody wants.
type Order struct {
	Article string
	Amount  int
}

// Receipt is what they get.
type Receipt struct {
	Text  string
	Cents int
}

// Shop takes orders.
type Shop struct {
	// Placing has the hooks around Place.
	Placing hook.Point[hook.Call[Order, Receipt]]
	// Shipped has the hooks of an event of the shop's own.
	Shipped hook.Point[Shipment]

	prices map[string]int
	place  func(context.Context, Order) (Receipt, error)
}

// Shipment is the event of sending a receipt's goods.
type Shipment struct {
	Receipt Receipt
	Carrier string
}

// NewShop is a shop with these prices in cents.
func NewShop(prices map[string]int) *Shop {
	s := &Shop{prices: prices}
	s.Placing.Name, s.Shipped.Name = "orders.place", "orders.ship"
	s.place = hook.Wrap(&s.Placing, s.sell)
	return s
}

// Place sells what is ordered, with the hooks.
func (s *Shop) Place(ctx context.Context, o Order) (Receipt, error) { return s.place(ctx, o) }

// sell is the function as it was before there were hooks.
func (s *Shop) sell(_ context.Context, o Order) (Receipt, error) {
	price, ok := s.prices[o.Article]
	if !ok {
		return Receipt{}, errors.New("no such article: " + o.Article)
	}
	return Receipt{Text: o.Article, Cents: price * o.Amount}, nil
}

// Ship sends the goods by the carrier that the hooks settle on.
func (s *Shop) Ship(ctx context.Context, r Receipt) (string, error) {
	e := &Shipment{Receipt: r, Carrier: "bicycle"}
	if err := s.Shipped.RunBefore(ctx, e); err != nil {
		return "", err
	}
	if err := s.Shipped.RunAfter(ctx, e); err != nil {
		return "", err
	}
	s.Shipped.RunCommitted(ctx, *e)
	return e.Carrier, nil
}
