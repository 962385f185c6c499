package e2e_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// A cursor is good for the list that it comes from, as it is, and for nothing
// else. What stands in it is compared with, and never read as SQL. (That each
// single bit counts is tested in crud/query.)
func TestBar38_Cursors(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		is := is.New(t)
		_, c := startService(t, b, nil)
		actor := newUser()
		all := []string{"'; DROP TABLE items; --", "100%", "a", "b", "ship 😀"}
		for _, title := range all {
			c.create(t, actor, "/v1/items", object{"title": title})
		}
		cursor, walked := "", []string{}
		for len(walked) < len(all) {
			var page struct {
				Items []struct{ Title string }
				Next  string
			}
			at := cursor
			if at != "" {
				at = "&after=" + at
			}
			c.do(t, actor, "GET", "/v1/items?sort=title&limit=1"+at, nil).want(t, 200).into(t, &page)
			walked = append(walked, page.Items[0].Title)
			if page.Next != "" {
				cursor = page.Next
			}
		}
		is.Equal(slices.Sorted(slices.Values(walked)), all) // each once

		refused := func(query, cursor string) {
			t.Helper()
			a := c.do(t, actor, "GET", "/v1/items?"+query+"&after="+url.QueryEscape(cursor), nil).want(t, 400)
			is.Equal(a.err(t).(*joinery.Error).Fields[0].Code, "bad_cursor")
		}
		for _, other := range []string{"sort=-title", "sort=id", "sort=title&title=a", "sort=title&count.gt=0", "sort=title&list.title=a"} {
			refused(other, cursor)
		}
		c.do(t, actor, "GET", "/v1/lists?after="+cursor, nil).want(t, 400)
		c.do(t, actor, "POST", "/v1/items/search", object{"sort": []string{"-title"}, "after": cursor}).want(t, 400)
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		must(t, err)
		for i := range raw {
			flipped := slices.Clone(raw)
			flipped[i] ^= 1 << (i % 8)
			refused("sort=title", base64.RawURLEncoding.EncodeToString(flipped))
		}
		for _, text := range []string{cursor + "A", cursor[1:], "x", "\x00", "\xff", "' OR 1=1 --", strings.Repeat("A", 5000)} {
			refused("sort=title", text)
		}
	})
}

// What LIKE would take for wildcards is text.
func TestBar38_Wildcards(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		is := is.New(t)
		_, c := startService(t, b, nil)
		actor := newUser()
		for _, title := range []string{"100%", "1000", "a_b", "axb", `a\b`, `a\%b`} {
			c.create(t, actor, "/v1/items", object{"title": title})
		}
		for filter, want := range map[string][]string{
			"title.contains=%25":         {"100%", `a\%b`},
			"title.icontains=%25":        {"100%", `a\%b`},
			"title.contains=_":           {"a_b"},
			"title.icontains=A_B":        {"a_b"},
			"title.contains=%5C":         {`a\%b`, `a\b`},
			"title.icontains=%5C%25":     {`a\%b`},
			"title.starts=%25":           {},
			"title.starts=a_":            {"a_b"},
			"title.starts=%5C":           {},
			"title.contains=%27":         {},
			"title.contains=%25%27%20OR": {},
		} {
			var page struct{ Items []struct{ Title string } }
			c.do(t, actor, "GET", "/v1/items?"+filter, nil).want(t, 200).into(t, &page)
			got := []string{}
			for _, i := range page.Items {
				got = append(got, i.Title)
			}
			slices.Sort(got)
			is.Equal(fmt.Sprint(filter, " ", got), fmt.Sprint(filter, " ", want))
		}
	})
}

// hostile are inputs that no column, cursor or parameter takes, in a URL and
// in a body.
var (
	hostileQueries = []string{
		"title=%00", "title.contains=a%00b", "title.in=a,%00", "title=%ff", "title.icontains=%c3%28", "title=%ed%a0%80",
		"count=9223372036854775808", "count.gt=-9223372036854775809", "count=1e309", "count=1e3", "count=NaN", "count.in=1,18446744073709551616",
		"a[99999999]=", "title[99999999]=x", "title[]=x", "a[b][c]=d", "list.title=%00", "id=%00", "created_at=9999999-01-01T00:00:00Z",
		"limit=9223372036854775808", "limit=1e309", "limit=-1", "sort=%00", "sort=%ff", "include=%00", "fields=%ff", "count.gt=1&limit=%00",
		"after=%00", "before=%ff", "%00=x", "%ff=x", "title.%00=x", "__proto__=x", "title=a%zz",
	}
	hostileBodies = []string{
		`{"title":"\u0000"}`, "{\"title\":\"\x00\"}", "{\"title\":\"\xff\"}", `{"title":"\ud800"}`, `{"title":"\udc00\ud800"}`,
		`{"title":"x","count":9223372036854775808}`, `{"title":"x","count":-9223372036854775809}`, `{"title":"x","count":1e309}`,
		`{"title":"x","count":1.5}`, `{"title":"x","count":NaN}`, `{"title":"x","title":"y"}`, `{"title":"x","count":1,"count":1}`,
		`{"title":"x","a[99999999]":1}`, `{"title":"x","__proto__":{}}`, "{\"title\":\"x\",\"\xff\":1}", `{"title":"x","Title":"y"}`, "\xff", "\x00",
	}
	hostileSearches = []string{
		`{"filter":{"title":"\u0000"}}`, "{\"filter\":{\"title\":\"\xff\"}}", `{"filter":{"title":{"contains":"\ud800"}}}`,
		`{"filter":{"count":9223372036854775808}}`, `{"filter":{"count":{"in":[1e309]}}}`, `{"filter":{"title":"a","title":"b"}}`,
		`{"filter":{},"filter":{}}`, `{"filter":{"a[99999999]":""}}`, `{"limit":1e309}`, `{"limit":9223372036854775808}`,
		`{"sort":["\u0000"]}`, `{"after":"\u0000"}`, `{"before":"😀"}`, `{"filter":{"__proto__":{}}}`,
	}
)

// What no column can hold is refused as Malformed, wherever it stands, and
// nothing is written; an emoji is text like any other.
func TestBar38_HostileInput(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		is := is.New(t)
		_, c := startService(t, b, nil)
		actor := newUser()
		item := c.create(t, actor, "/v1/items", object{"title": "ship 😀"})
		path := "/v1/items/" + item.ID.String()
		for _, q := range hostileQueries {
			got := c.text(t, actor, "GET", "/v1/items?"+q, "")
			is.Equal(q+" "+http.StatusText(got.status), q+" Bad Request")
		}
		for _, body := range hostileBodies {
			for _, to := range []request{{method: "POST", path: "/v1/items"}, {method: "PATCH", path: path}, {method: "PUT", path: path}} {
				got := c.text(t, actor, to.method, to.path, body)
				is.Equal(fmt.Sprintf("%s %q %d", to.method, body, got.status), fmt.Sprintf("%s %q 400", to.method, body))
			}
			c.text(t, actor, "POST", "/v1/items", "["+body+"]").want(t, 400)
		}
		for _, body := range hostileSearches {
			got := c.text(t, actor, "POST", "/v1/items/search", body)
			is.Equal(fmt.Sprintf("%q %d", body, got.status), fmt.Sprintf("%q 400", body))
		}

		var page struct {
			Items []struct {
				Title   string
				Version int
			}
		}
		c.do(t, actor, "GET", "/v1/items?title.contains=%F0%9F%98%80", nil).want(t, 200).into(t, &page)
		is.Equal(len(page.Items), 1)
		is.Equal(page.Items[0].Title, "ship 😀")
		is.Equal(page.Items[0].Version, 1)
		c.do(t, actor, "GET", "/v1/items?count=exact", nil).want(t, 200).into(t, &page)
		is.Equal(len(page.Items), 1) // nothing was written
	})
}

// text sends a body as it is, whatever that is.
func (c *client) text(t testing.TB, actor joinery.Actor, method, path, body string) answer {
	t.Helper()
	r, err := c.request(t.Context(), actor, method, path, nil)
	must(t, err)
	if body != "" {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("If-Match", "*")
	}
	response, err := c.http.Do(r)
	must(t, err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	must(t, err)
	return answer{response.StatusCode, response.Header, data}
}

// Whatever is asked of a list, by URL or by body, over a real database: it is
// answered, or refused as the caller's mistake.
func FuzzBar38_Requests(f *testing.F) {
	for _, q := range hostileQueries {
		f.Add(q, `{}`)
	}
	for _, body := range slices.Concat(hostileBodies, hostileSearches) {
		f.Add("sort=title", body)
	}
	db, err := sqlitedb.Open(f.Context(), testdb.SQLitePath(f), nil)
	must(f, err)
	f.Cleanup(func() { must(f, db.Close()) })
	s, err := newService(db)
	must(f, err)
	must(f, s.install(f.Context()))
	actor := newUser()
	ask := func(t *testing.T, method, path, query, body string) {
		r := httptest.NewRequestWithContext(joinery.WithActor(t.Context(), actor), method, path, strings.NewReader(body))
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.api.ServeHTTP(w, r)
		if w.Code >= 500 || w.Code == http.StatusUnauthorized {
			t.Fatalf("%s %s?%q %q: %d %s", method, path, query, body, w.Code, w.Body)
		}
	}
	f.Fuzz(func(t *testing.T, query, body string) {
		ask(t, "GET", "/v1/items", query, "")
		ask(t, "POST", "/v1/items/search", "", body)
		ask(t, "POST", "/v1/items", "", body)
	})
}
