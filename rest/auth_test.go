package rest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/rest"
)

// who answers who acts.
func who(ctx context.Context, _ struct{}) (said, error) {
	actor, err := joinery.ActorFrom(ctx)
	return said{actor.Kind.String()}, err
}

func pathOf(m rest.AuthMode) string { return "/" + strings.ReplaceAll(m.String(), " ", "") }

func TestAuthModes(t *testing.T) {
	t.Parallel()
	a := newApp(t, &rest.Options{Title: "Notes"})
	modes := []rest.AuthMode{rest.Required, rest.Optional, rest.None, rest.APIKey, rest.Basic, rest.Root}
	for _, mode := range modes {
		must(t, rest.Handle(a.api, "GET", pathOf(mode), who, rest.WithAuth(mode)))
	}
	const anonymous, user, bad, key, root, rootKey = "Authorization:", "Authorization: Bearer ada", "Authorization: Bearer bad", "X-API-Key: k", "Authorization: Bearer root", "X-API-Key: root"
	for _, c := range []struct {
		mode         rest.AuthMode
		header, want string
		status       int
	}{
		{rest.Required, anonymous, "", 401}, {rest.Required, bad, "", 401}, {rest.Required, user, "user", 200}, {rest.Required, root, "root", 200},
		{rest.Optional, anonymous, "anonymous", 200}, {rest.Optional, bad, "", 401}, {rest.Optional, user, "user", 200},
		{rest.None, anonymous, "anonymous", 200}, {rest.None, bad, "anonymous", 200}, {rest.None, user, "anonymous", 200},
		{rest.APIKey, anonymous, "", 401}, {rest.APIKey, user, "", 401}, {rest.APIKey, key, "user", 200}, {rest.APIKey, "Authorization: ApiKey k", "user", 200},
		{rest.Basic, anonymous, "", 401}, {rest.Basic, user, "", 401}, {rest.Basic, key, "", 401}, {rest.Basic, "Authorization: Basic YTpi", "user", 200},
		{rest.Root, anonymous, "", 401}, {rest.Root, user, "", 403}, {rest.Root, root, "root", 200}, {rest.Root, rootKey, "root", 200},
	} {
		t.Run(c.mode.String()+" "+c.header, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			headers := []string{"Authorization:", c.header}
			got := do(t, a.api, "GET", pathOf(c.mode), "", headers...)
			is.Equal(got.StatusCode, c.status)
			if c.status == 200 {
				is.Equal(got.body, `{"said":"`+c.want+`"}`)
				is.Equal(got.Header.Get("Cache-Control") == "no-store", c.want != "anonymous")
			}
			if c.status == 401 && c.header != bad {
				is.Equal(got.Header.Get("WWW-Authenticate"), map[rest.AuthMode]string{
					rest.Required: `Bearer realm="Notes"`, rest.Optional: `Bearer realm="Notes"`, rest.Root: `ApiKey realm="Notes"`,
					rest.APIKey: `ApiKey realm="Notes"`, rest.Basic: `Basic realm="Notes", charset="UTF-8"`,
				}[c.mode])
			}
		})
	}
}

// TestAMiddlewareThatLetsEverythingPassOpensNothing is the default closed.
func TestAMiddlewareThatLetsEverythingPassOpensNothing(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	open := func(next http.Handler) http.Handler { return next }
	a := mounted(t, &rest.Options{Auth: open})
	is.Equal(do(t, a.api, "GET", "/v1/notes", "").StatusCode, 401)
	is.Equal(do(t, a.api, "DELETE", notePath1, "", "If-Match: *").StatusCode, 401)
	is.Equal(len(a.notes.rows), 4)

	anonymous := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(joinery.WithActor(r.Context(), joinery.Actor{})))
		})
	}
	a = mounted(t, &rest.Options{Auth: anonymous})
	is.Equal(do(t, a.api, "GET", "/v1/notes", "").StatusCode, 401)
}

func TestTheMiddlewareSeesTheMode(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	seen := map[rest.AuthMode]bool{}
	a := newApp(t, &rest.Options{Auth: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mode, ok := rest.AuthModeFrom(r.Context())
			seen[mode] = ok
			byHeader(next).ServeHTTP(w, r)
		})
	}})
	must(t, rest.Mount(a.api, "/v1/notes", a.notes, &rest.MountOptions{AuthOf: map[rest.Operation]rest.AuthMode{rest.List: rest.Optional}}))
	is.Equal(do(t, a.api, "GET", "/v1/notes", "", "Authorization:").StatusCode, 200)
	is.Equal(do(t, a.api, "GET", notePath1, "", "Authorization:").StatusCode, 401)
	is.Equal(seen, map[rest.AuthMode]bool{rest.Optional: true, rest.Required: true})
	_, ok := rest.AuthModeFrom(context.Background())
	is.True(!ok)
}
