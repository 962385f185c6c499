package rest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/rest"
)

// A client has the methods of the service behind the server, and its errors.
func ExampleNewClient() {
	api := rest.New(nil, &rest.Options{Auth: signIn, NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})
	if err := rest.Mount(api, "/v1/books", &Shelf{books: map[uuid.UUID]*Book{}}, nil); err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(api)
	defer server.Close()

	ctx := context.Background()
	books, err := rest.NewClient[Book, CreateBook, UpdateBook](server.URL+"/v1/books", &rest.ClientOptions{
		Token: func(context.Context) (string, error) { return "ada", nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	book, err := books.Create(ctx, CreateBook{Title: "Dune"})
	fmt.Println(book.Title, book.Version, err)

	book, err = books.Update(ctx, book.ID, book.Version, UpdateBook{Title: query.Set("Dune Messiah")})
	fmt.Println(book.Title, book.Version, err)

	_, err = books.Update(ctx, book.ID, 1, UpdateBook{Title: query.Set("Emma")})
	var stale *joinery.Error
	if errors.As(err, &stale) {
		fmt.Println(stale.Kind, "now it is version", stale.Version)
	}
	// Output:
	// Dune 1 <nil>
	// Dune Messiah 2 <nil>
	// stale now it is version 2
}
