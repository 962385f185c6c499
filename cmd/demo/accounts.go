package main

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/rest"
)

// account is a sample user. There is no table of users: the permission rules
// need no more than an id.
type account struct {
	name  string // also of the variable that holds the token
	id    uuid.UUID
	about string
}

// The sample accounts. Their ids are fixed, so that rows of an earlier start
// still belong to them.
var (
	ada  = account{"ADA", uuid.MustParse("01990000-0000-7000-8000-00000000000a"), "superadmin of the team Observatory"}
	ben  = account{"BEN", uuid.MustParse("01990000-0000-7000-8000-00000000000b"), "user in its child team Telescope crew"}
	cleo = account{"CLEO", uuid.MustParse("01990000-0000-7000-8000-00000000000c"), "in no team; Ada shares one note with her"}
)

func accounts() []account { return []account{ada, ben, cleo} }

// actor is the account as the permission rules know it.
func (a account) actor() joinery.Actor { return joinery.Actor{ID: a.id, Kind: joinery.User} }

// tokens stand for the accounts as long as the process runs, by their text.
type tokens map[string]account

// newTokens makes a token for each account.
func newTokens() tokens {
	t := tokens{}
	for _, a := range accounts() {
		t[rand.Text()] = a
	}
	return t
}

// of is the account's token.
func (t tokens) of(a account) string {
	for token, owner := range t {
		if owner == a {
			return token
		}
	}
	return ""
}

// middleware lets the owner of a request's token act. A request without one is
// anonymous; whether that will do is the route's affair.
func (t tokens) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := r.Header.Get("Authorization")
		if header == "" {
			next.ServeHTTP(w, r)
			return
		}
		scheme, token, _ := strings.Cut(header, " ")
		a, known := t[token]
		if !known || !strings.EqualFold(scheme, "Bearer") {
			w.Header().Set("WWW-Authenticate", `Bearer realm="Joinery demo", error="invalid_token"`)
			rest.WriteProblem(w, r, joinery.Errorf(joinery.Unauthenticated, "bad_token",
				"The token is not one of those that the demo printed at its start: send Authorization: Bearer and a token."))
			return
		}
		next.ServeHTTP(w, r.WithContext(joinery.WithActor(r.Context(), a.actor())))
	})
}
