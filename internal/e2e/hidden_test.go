package e2e_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
)

// What the caller may not see answers as if it did not exist: the same status,
// headers and body, by the same number of statements.
func TestHiddenIsMissing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		s, c := startService(t, b, nil)
		owner, stranger := newUser(), newUser()
		list := c.create(t, owner, "/v1/lists", object{"title": "list"})
		item := c.create(t, owner, "/v1/items", object{"title": "item", "list_id": list.ID})
		team := c.create(t, owner, "/v1/teams", object{"name": "team"})
		own := c.create(t, stranger, "/v1/items", object{"title": "own"})
		for _, r := range hiddenRequests(own.ID) {
			t.Run(r.method+" "+r.path, func(t *testing.T) {
				hidden := r.names(list.ID, item.ID, team.ID)
				missing := r.names(uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7()))
				is := is.New(t)
				want, statements := missing.send(t, s, c, stranger)
				want.want(t, r.status)
				got, n := hidden.send(t, s, c, stranger)
				is.Equal(got.status, want.status)
				is.Equal(string(got.body), string(want.body))
				is.Equal(got.header, want.header)
				is.Equal(n, statements)
			})
		}
	})
}

// request is a request whose path and body name rows by the words LIST, ITEM
// and TEAM.
type request struct {
	method, path, body string
	status             int
	headers            []string
	words              *strings.Replacer // ids back into words
}

func hiddenRequests(own uuid.UUID) []request {
	version, force := []string{"If-Match", `"1"`}, []string{"If-Match", "*"}
	mine := "/v1/items/" + own.String()
	return []request{
		{"GET", "/v1/items/ITEM", "", 404, nil, nil},
		{"HEAD", "/v1/items/ITEM", "", 404, nil, nil},
		{"GET", "/v1/items/ITEM?include=list&fields=title", "", 404, nil, nil},
		{"GET", "/v1/items/ITEM", "", 404, []string{"If-None-Match", `"1"`}, nil},
		{"GET", "/v1/items?id.eq=ITEM&count=exact", "", 200, nil, nil},
		{"GET", "/v1/items?list_id.eq=LIST", "", 200, nil, nil},
		{"GET", "/v1/items?list.title.eq=list&list_id.eq=LIST", "", 200, nil, nil},
		{"POST", "/v1/items/search", `{"filter": {"id": {"eq": "ITEM"}}, "count": "exact"}`, 200, nil, nil},
		{"PATCH", "/v1/items/ITEM", `{"title": "x"}`, 404, version, nil},
		{"PATCH", "/v1/items/ITEM", `{"title": "x"}`, 404, []string{"If-Match", `"7"`}, nil},
		{"PATCH", "/v1/items/ITEM", `{"title": "x"}`, 404, force, nil},
		{"PATCH", "/v1/items/ITEM", `{"title": ""}`, 404, version, nil},
		{"PATCH", "/v1/items/ITEM", `{}`, 404, version, nil},
		{"PATCH", "/v1/items/ITEM", `{"team_id": "TEAM"}`, 404, version, nil},
		{"PUT", "/v1/items/ITEM", `{"title": "x"}`, 404, version, nil},
		{"DELETE", "/v1/items/ITEM", "", 404, version, nil},
		{"DELETE", "/v1/items/ITEM", "", 404, force, nil},
		{"PATCH", "/v1/items", `{"items": [{"id": "` + own.String() + `", "version": 1, "title": "x"}, {"id": "ITEM", "version": 1, "title": "x"}]}`, 404, nil, nil},
		{"DELETE", "/v1/items?id=ITEM", "", 404, force, nil},
		{"GET", "/v1/lists/LIST/items", "", 404, nil, nil},
		{"GET", "/v1/lists/LIST/items/ITEM", "", 404, nil, nil},
		{"POST", "/v1/lists/LIST/items", `{"title": "x"}`, 404, nil, nil},
		{"POST", "/v1/items", `{"title": "x", "list_id": "LIST"}`, 422, nil, nil},
		{"POST", "/v1/items", `{"title": "x", "team_id": "TEAM"}`, 422, nil, nil},
		{"POST", "/v1/items", `[{"title": "x", "list_id": "LIST"}]`, 422, nil, nil},
		{"PATCH", mine, `{"list_id": "LIST"}`, 422, version, nil},
		{"PATCH", mine, `{"team_id": "TEAM"}`, 422, version, nil},
		{"POST", "/v1/grants", `{"model": "items", "row_id": "ITEM", "actions": ["view"], "member_id": "` + own.String() + `"}`, 422, nil, nil},
		{"POST", "/v1/memberships", `{"team_id": "TEAM", "member_id": "` + own.String() + `", "role_id": "` + own.String() + `"}`, 422, nil, nil},
		{"GET", "/v1/grants?model.eq=items&row_id.eq=ITEM", "", 200, nil, nil},
		{"GET", "/v1/teams/TEAM", "", 404, nil, nil},
	}
}

// names is the request with the ids in it.
func (r request) names(list, item, team uuid.UUID) request {
	ids := strings.NewReplacer("LIST", list.String(), "ITEM", item.String(), "TEAM", team.String())
	r.path, r.body = ids.Replace(r.path), ids.Replace(r.body)
	r.words = strings.NewReplacer(list.String(), "LIST", item.String(), "ITEM", team.String(), "TEAM")
	return r
}

// send tells the answer without what differs between any two requests, the
// time and the ids that the request itself names, and the statements it took.
func (r request) send(t testing.TB, s *service, c *client, actor joinery.Actor) (answer, int64) {
	t.Helper()
	var body any
	if r.body != "" {
		body = raw(r.body)
	}
	before := s.db.Stats().Statements
	a := c.do(t, actor, r.method, r.path, body, append(r.headers, "X-Request-Id", "the-same", "Accept-Encoding", "identity")...)
	after := s.db.Stats().Statements
	a.header.Del("Date")
	a.body = []byte(r.words.Replace(string(a.body)))
	return a, after - before
}

// raw is a body as it is.
type raw string

// MarshalJSON gives the text.
func (r raw) MarshalJSON() ([]byte, error) { return []byte(r), nil }
