package notices

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/julienschmidt/httprouter"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/rest"
)

// Serve puts the board on the service's router, which has routes already, and
// returns what is to be served: the router behind rest's middlewares.
func Serve(router *httprouter.Router, board *Board, sessions map[string]uuid.UUID) (http.Handler, error) {
	router.GET("/hello/:name", func(w http.ResponseWriter, _ *http.Request, p httprouter.Params) {
		_, _ = fmt.Fprintf(w, "Hello, %s!", p.ByName("name"))
	})
	api := rest.New(router, &rest.Options{Title: "Board", Auth: bySession(sessions), NoAccessLog: true})
	open := map[rest.Operation]rest.AuthMode{rest.List: rest.Optional, rest.Get: rest.Optional}
	return api, errors.Join(
		rest.Mount(api, "/notices", board, &rest.MountOptions{AuthOf: open, Without: []rest.Operation{rest.Search}}),
		rest.Handle(api, "POST", "/notices/:id/pin", board.Pin, rest.WithSummary("Pin a notice")),
		api.Validate(),
	)
}

// bySession is the service's middleware, with a line for Joinery.
func bySession(sessions map[string]uuid.UUID) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if id, ok := sessions[r.Header.Get("X-Session")]; ok {
				r = r.WithContext(joinery.WithActor(r.Context(), joinery.Actor{ID: id, Kind: joinery.User}))
			}
			next.ServeHTTP(w, r)
		})
	}
}
