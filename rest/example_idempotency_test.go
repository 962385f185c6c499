package rest_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/idemstore"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

type Payment struct {
	crud.Entity
	Cents int64 `json:"cents" validate:"gte=1"`
}

type CreatePayment struct {
	Cents int64 `json:"cents"`
}

type UpdatePayment struct{}

// A payment that is sent twice with one key is made once, by the resource and
// by a route of the app's own.
func ExampleWithIdempotency() {
	ctx := joinery.WithActor(context.Background(), joinery.RootActor())
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	defer db.Close()
	reg := registry.New(nil)
	payments, err := crud.New[Payment, CreatePayment, UpdatePayment](reg, db, crud.Unrestricted, nil)
	check(err)
	keys, err := idemstore.New(reg, db, nil)
	check(err)
	check(crud.CreateTables(ctx, reg, db))

	api := rest.New(nil, &rest.Options{Idempotency: keys, NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})
	check(rest.Mount(api, "/v1/payments", payments, nil))
	tip := func(ctx context.Context, in CreatePayment) (Payment, error) {
		return payments.Create(ctx, CreatePayment{Cents: in.Cents / 10})
	}
	check(rest.Handle(api, "POST", "/v1/tips", tip, rest.WithIdempotency(db)))

	for _, path := range []string{"/v1/payments", "/v1/payments", "/v1/tips", "/v1/tips"} {
		r := httptest.NewRequestWithContext(ctx, "POST", path, strings.NewReader(`{"cents": 1200}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", "8e03978e-40d5-43dd-bc93-6894a57f9324")
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		fmt.Println(path, w.Code, "replayed:", w.Header().Get("Idempotency-Replayed") == "true")
	}
	n, err := sqldb.Scalar[int64](ctx, db, sqldb.Raw("SELECT count(*) FROM payments"))
	fmt.Println(n, err)
	// Output:
	// /v1/payments 201 replayed: false
	// /v1/payments 201 replayed: true
	// /v1/tips 200 replayed: false
	// /v1/tips 200 replayed: true
	// 2 <nil>
}
