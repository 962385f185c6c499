package interference_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// request is what is sent to both of the twins.
type request struct {
	actor        joinery.Actor
	method, path string
	body         string
	headers      map[string]string
}

func (r request) String() string {
	who, _ := json.Marshal(r.actor)
	return fmt.Sprintf("%s %s %s %v as %s", r.method, r.path, r.body, r.headers, who)
}

// answer is all that a caller can notice, and what it took.
type answer struct {
	status     int
	header     http.Header
	body       string
	statements int64
}

func (r request) send(l *library) answer {
	in := httptest.NewRequest(r.method, r.path, strings.NewReader(r.body))
	if r.body == "" {
		in = httptest.NewRequest(r.method, r.path, nil)
	} else {
		in.Header.Set("Content-Type", "application/json")
	}
	who, _ := json.Marshal(r.actor)
	in.Header.Set(actorHeader, string(who))
	in.Header.Set("X-Request-Id", "the-same")
	for name, value := range r.headers {
		in.Header.Set(name, value)
	}
	before := l.db.Stats().Statements
	out := httptest.NewRecorder()
	l.api.ServeHTTP(out, in)
	return answer{out.Code, out.Header(), out.Body.String(), l.db.Stats().Statements - before}
}

// resource is a route and what can be asked of it.
type resource struct {
	path, table string
	fields      []string // that can be filtered by, relations' too
	sorts       []string
	includes    []string
	input       []string // that can be sent
}

var (
	shelves = resource{
		"/shelves", "shelves",
		[]string{"id", "title", "slug", "kind", "priority", "budget", "due_at", "created_at", "user_id", "team_id", "version", "books.title", "books.pages", "books.reviews.text"},
		[]string{"title", "-title", "kind", "priority", "-priority", "kind,-priority", "-kind,priority", "due_at", "-due_at", "id", "-id"},
		[]string{"books", "books.reviews", "books.sequel"},
		[]string{"title", "slug", "kind", "priority", "budget", "due_at", "team_id", "user_id"},
	}
	books = resource{
		"/books", "books",
		[]string{"id", "title", "pages", "shelf_id", "sequel_id", "user_id", "team_id", "shelf.title", "shelf.priority", "sequel.title", "sequel.shelf.title", "reviews.text", "reviews.stars"},
		[]string{"title", "-title", "pages", "-pages", "id", "-id"},
		[]string{"shelf", "sequel", "sequel.sequel", "reviews", "shelf.books", "reviews.book"},
		[]string{"title", "pages", "shelf_id", "sequel_id", "team_id"},
	}
	reviews = resource{
		"/reviews", "reviews",
		[]string{"id", "text", "stars", "book_id", "user_id", "book.title", "book.shelf.title", "book.reviews.stars"},
		[]string{"text", "-text", "stars", "-stars", "-id"},
		[]string{"book", "book.shelf", "book.reviews"},
		[]string{"text", "stars", "book_id"},
	}
	teamsOf     = resource{"/teams", "teams", []string{"id", "name", "parent_id", "version"}, []string{"-id", "id"}, nil, []string{"name", "parent_id"}}
	rolesOf     = resource{"/roles", "roles", []string{"id", "name", "team_id", "parent_id"}, []string{"-id", "id"}, nil, []string{"name", "team_id", "parent_id", "actions"}}
	memberships = resource{"/memberships", "memberships", []string{"id", "team_id", "member_id", "role_id"}, []string{"-id", "id"}, nil, []string{"team_id", "member_id", "role_id", "expires_at"}}
	grants      = resource{"/grants", "grants", []string{"model", "row_id", "member_id"}, []string{"-id", "id"}, nil, []string{"model", "row_id", "member_id", "team_id", "role_id", "actions"}}
)

// chance makes requests.
type chance struct {
	*rand.Rand
	w       *twins
	cursors []string // pages that an answer has named
}

func pick[T any](c *chance, of []T) T { return of[c.IntN(len(of))] }

// id is the key of a row of the table, of another table, or of none.
func (c *chance) id(table string) string {
	switch n := c.IntN(20); {
	case n == 0:
		return uuid.Max.String()
	case n < 3:
		table = pick(c, []string{"shelves", "books", "reviews", "teams", "roles", "memberships", "grants"})
	}
	return pick(c, c.w.rows[table]).String()
}

// request is any request of any caller.
func (c *chance) request() request {
	r := request{actor: pick(c, c.w.callers), method: "GET", headers: map[string]string{}}
	on := pick(c, []resource{shelves, shelves, books, books, reviews, reviews, teamsOf, rolesOf, memberships, grants})
	if n := c.IntN(12); n == 0 && on.table == "books" {
		on.path = "/shelves/" + c.id("shelves") + "/books"
	} else if n == 0 && on.table == "reviews" {
		on.path = "/books/" + c.id("books") + "/reviews"
	}
	switch n := c.IntN(100); {
	case n < 10 && len(c.cursors) > 0:
		r.path = pick(c, c.cursors)
	case n < 45:
		r.path = on.path + "?" + c.query(on).Encode()
	case n < 55:
		r.method, r.path, r.body = "POST", on.path+"/search", c.search(on)
	case n < 68:
		r.path = on.path + "/" + c.id(on.table) + c.single(on)
	case n < 74:
		r.path = on.path + "/" + c.id(on.table) + "/access" + pick(c, []string{"", "?explain=view", "?explain=edit", "?explain=share", "?explain=x"})
	default:
		c.write(on, &r)
	}
	return r
}

func (c *chance) single(on resource) string {
	q := url.Values{}
	c.shape(on, q)
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// shape asks for relations and for some fields.
func (c *chance) shape(on resource, q url.Values) {
	if len(on.includes) > 0 && c.IntN(3) == 0 {
		q.Set("include", pick(c, on.includes))
	}
	if c.IntN(6) == 0 {
		q.Set("fields", pick(c, on.fields)+","+pick(c, on.input))
	}
}

func (c *chance) query(on resource) url.Values {
	q := url.Values{}
	c.shape(on, q)
	for range c.IntN(3) {
		q.Add(c.leaf(on))
	}
	if on.table == "grants" && c.IntN(4) > 0 {
		model := pick(c, []string{"shelves", "books", "teams"})
		q.Set("model.eq", model)
		q.Set("row_id.eq", c.id(model))
	}
	if c.IntN(2) == 0 {
		q.Set("sort", pick(c, on.sorts))
	}
	if c.IntN(3) > 0 {
		q.Set("limit", fmt.Sprint(c.IntN(6)+1))
	}
	q.Set("count", pick(c, []string{"none", "capped", "exact"}))
	if c.IntN(40) == 0 {
		q.Set("deleted", "true")
	}
	return q
}

// leaf is a field with an operator, and a value; most of them go together.
func (c *chance) leaf(on resource) (name, value string) {
	field := pick(c, on.fields)
	last := field[strings.LastIndexByte(field, '.')+1:]
	ops, value := c.operand(last)
	if c.IntN(30) == 0 {
		value = c.id(on.table)
	}
	op := pick(c, ops)
	switch {
	case op == "null":
		value = pick(c, []string{"true", "false"})
	case op == "in":
		value += "," + value
	}
	return field + "." + op, value
}

func (c *chance) operand(column string) (ops []string, value string) {
	numbers := []string{"eq", "ne", "in", "lt", "lte", "gt", "gte", "null"}
	switch column {
	case "priority", "pages", "stars", "version", "budget":
		return numbers, fmt.Sprint(c.IntN(5))
	case "due_at", "created_at":
		return append(numbers, "before", "after"), noon().AddDate(0, 0, c.IntN(5)).Format("2006-01-02T15:04:05Z")
	case "kind":
		return []string{"eq", "ne", "in", "null"}, pick(c, []string{"open", "closed", "none"})
	case "title", "text", "name", "slug", "model":
		texts := []string{"eq", "ne", "in", "contains", "starts", "ends", "ieq", "icontains", "null"}
		word := pick(c, words)
		return texts, word[:c.IntN(len(word)+1)]
	}
	return []string{"eq", "ne", "in", "null"}, c.id(tableOf(column))
}

// tableOf is the table whose rows a column most likely names.
func tableOf(column string) string {
	switch column {
	case "shelf_id":
		return "shelves"
	case "book_id", "sequel_id":
		return "books"
	case "team_id":
		return "teams"
	case "role_id":
		return "roles"
	}
	return "shelves"
}

func (c *chance) search(on resource) string {
	body := map[string]any{"limit": c.IntN(6) + 1, "count": "exact"}
	var leaves []any
	for range c.IntN(3) + 1 {
		name, value := c.leaf(on)
		dot := strings.LastIndexByte(name, '.')
		leaves = append(leaves, map[string]any{name[:dot]: map[string]any{name[dot+1:]: typed(name[dot+1:], value)}})
	}
	body["filter"] = map[string]any{pick(c, []string{"and", "or"}): leaves}
	if c.IntN(3) == 0 {
		body["filter"] = map[string]any{"not": body["filter"]}
	}
	return marshal(body)
}

// typed is the value as JSON has it.
func typed(op, value string) any {
	var v any
	if op == "in" {
		return strings.Split(value, ",")
	}
	if json.Unmarshal([]byte(value), &v) == nil {
		return v
	}
	return value
}

func marshal(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

// write is a request that may change something. Most are refused.
func (c *chance) write(on resource, r *request) {
	body := map[string]any{}
	for range c.IntN(3) + 1 {
		name := pick(c, on.input)
		body[name] = c.value(name)
	}
	switch on.table { // enough for some to be right
	case "shelves", "books":
		body["title"] = pick(c, words)
	case "reviews":
		body["text"], body["book_id"] = pick(c, words), c.id("books")
	}
	if c.IntN(3) > 0 {
		r.headers["If-Match"] = pick(c, []string{"*", `"1"`, `"1"`, `"2"`})
	}
	one := on.path + "/" + c.id(on.table)
	switch c.IntN(9) {
	case 0, 1:
		r.method, r.path, r.body = "POST", on.path, marshal(body)
	case 2, 3:
		r.method, r.path, r.body = "PATCH", one, marshal(body)
	case 4:
		r.method, r.path, r.body = "PUT", one, marshal(body)
	case 5:
		r.method, r.path = "DELETE", one
	case 6:
		body["id"], body["version"] = c.id(on.table), 1
		other := map[string]any{"id": c.id(on.table), "version": 1}
		r.method, r.path, r.body = "PATCH", on.path, marshal(map[string]any{"items": []any{other, body}})
	case 7:
		r.method, r.path, r.body = "POST", one+"/copy", pick(c, []string{"", marshal(body)})
	case 8:
		r.method, r.path = "POST", one+"/restore"
	}
}

func (c *chance) value(column string) any {
	switch {
	case c.IntN(12) == 0:
		return nil
	case column == "actions":
		return []string{"view", "edit"}[:c.IntN(3)]
	case column == "model":
		return pick(c, []string{"shelves", "books", "teams", "roles"})
	case column == "expires_at":
		return noon().AddDate(0, 0, 1)
	case column == "member_id":
		return pick(c, c.w.callers).ID
	case column == "slug":
		return fmt.Sprint("slug", c.IntN(20))
	case column == "budget":
		return "1.50"
	}
	ops, value := c.operand(column)
	if ops[len(ops)-1] != "null" || strings.HasSuffix(column, "_id") {
		return value
	}
	return typed("", value)
}

// learn keeps the pages that an answer names, and the rows that it has made.
func (c *chance) learn(r request, body string) {
	var page struct {
		ID         uuid.UUID `json:"id"`
		Next, Prev string
	}
	if json.Unmarshal([]byte(body), &page) != nil {
		return
	}
	for _, cursor := range []struct{ name, value string }{{"after", page.Next}, {"before", page.Prev}} {
		if at, err := url.Parse(r.path); cursor.value != "" && r.method == "GET" && err == nil {
			q := at.Query()
			q.Del("after")
			q.Del("before")
			q.Set(cursor.name, cursor.value)
			c.keep(at.Path + "?" + q.Encode())
		}
	}
	if table := strings.Trim(r.path, "/"); r.method == "POST" && page.ID != uuid.Nil && c.w.rows[table] != nil {
		c.w.rows[table] = append(c.w.rows[table], page.ID)
	}
}

func (c *chance) keep(path string) {
	if len(c.cursors) < 50 {
		c.cursors = append(c.cursors, path)
	} else {
		c.cursors[c.IntN(50)] = path
	}
}
