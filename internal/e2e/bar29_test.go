package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/perm/permtest"
	"github.com/joinery-go/joinery/registry"
)

// In random worlds, every way to ask whether a row is there gives each actor
// the same answer: that of the rules. Lists, searches, totals, counts,
// aggregates and includes show the rows that Get, Exists and Access find, and
// what is not shown answers like a row that never was.
func TestBar29_AnswersAgree(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		s := newSurface(t, b.fresh(t, nil))
		for range b.part(scale(t, "JOINERY_AGREE", 2)) {
			seed := rand.Uint64()
			for permtest.Generate(seed).NoUsers { // the surface has a users table
				seed++
			}
			s.load(t, permtest.Generate(seed))
			for _, actor := range s.world.Actors {
				v := view{surface: s, actor: actor, ctx: joinery.WithActor(t.Context(), actor)}
				if v.compare(t); t.Failed() {
					t.Fatalf("for %s in the world of permtest.Generate(%d):\n%s", permtest.ActorName(actor), seed, s.world)
				}
			}
		}
	})
}

// view is the world as one actor is shown it.
type view struct {
	*surface
	actor joinery.Actor
	ctx   context.Context
	lists map[string]map[uuid.UUID]item // what was listed, by table
}

// item is a row of a list.
type item map[string]json.RawMessage

// id is the id in the field, nil where it is null or absent.
func (i item) id(t testing.TB, field string) (id uuid.UUID) {
	if text := i[field]; len(text) > 0 {
		must(t, json.Unmarshal(text, &id))
	}
	return id
}

func (v *view) compare(t *testing.T) {
	v.lists = map[string]map[uuid.UUID]item{}
	for table := range v.managers {
		v.lists[table] = v.list(t, table)
	}
	for table, m := range v.managers {
		v.totals(t, table)
		for _, r := range m.Model().Relations {
			v.included(t, table, r)
		}
		missing := v.get(t, table, permtest.ID("never was"))
		for _, r := range v.world.All(table) {
			v.row(t, table, r, missing)
		}
	}
}

// list is all that the actor is shown of a table; what the rules say is all of
// it.
func (v *view) list(t *testing.T, table string) map[uuid.UUID]item {
	listed := map[uuid.UUID]item{}
	for _, part := range v.parts(table) {
		q := url.Values{"limit": {"1000"}, "count": {"exact"}}
		search := map[string]any{"limit": 1000}
		for field, value := range part {
			q.Set(field, value)
		}
		if len(part) > 0 {
			search["filter"] = part
		}
		if include := relations(v.managers[table].Model()); include != "" {
			q.Set("include", include)
		}
		if v.deleted() {
			q.Set("deleted", "true")
			search["deleted"] = true
		}
		var page, found struct {
			Items []item
			Total int
		}
		v.do(t, v.actor, http.MethodGet, "/v1/"+table+"?"+q.Encode(), nil).want(t, http.StatusOK).into(t, &page)
		v.do(t, v.actor, http.MethodPost, "/v1/"+table+"/search", search).want(t, http.StatusOK).into(t, &found)
		ids := map[uuid.UUID]bool{}
		for _, i := range found.Items {
			ids[i.id(t, "id")] = true
		}
		for _, i := range page.Items {
			listed[i.id(t, "id")] = i
			if !ids[i.id(t, "id")] {
				t.Errorf("%s: a search does not find what a list shows", table)
			}
		}
		if page.Total != len(page.Items) || len(found.Items) != len(page.Items) || len(ids) != len(page.Items) {
			t.Errorf("%s: a list of %d rows, of which %d, and %d by search", table, len(page.Items), page.Total, len(ids))
		}
	}
	want := v.world.Visible(v.actor, joinery.View, table)
	if got := slices.Collect(maps.Keys(listed)); !slices.Equal(names(got), names(want)) {
		t.Errorf("%s: listed are %s, visible are %s", table, names(got), names(want))
	}
	return listed
}

// deleted is whether the actor is shown deleted rows, if it asks for them.
func (v *view) deleted() bool { return v.world.Kind(v.actor) == joinery.Root }

// parts are the filters by which a table is listed: grants are listed for one
// row at a time.
func (v *view) parts(table string) []map[string]string {
	if table != "grants" {
		return []map[string]string{nil}
	}
	var parts []map[string]string
	for _, g := range v.world.Grants {
		part := map[string]string{"model": g.Model, "row_id": g.Row.String()}
		if !slices.ContainsFunc(parts, func(p map[string]string) bool { return maps.Equal(p, part) }) {
			parts = append(parts, part)
		}
	}
	return parts
}

// totals compares the numbers of rows.
func (v *view) totals(t *testing.T, table string) {
	var counted, summed int64
	for _, part := range v.parts(table) {
		q := query.Query{Deleted: v.deleted()}
		for field, value := range part {
			q = q.Within(query.Eq(field, value))
		}
		n, err := v.managers[table].Count(v.ctx, q)
		must(t, err)
		counted += n
		groups, err := v.managers[table].Aggregate(v.ctx, q, query.Count())
		must(t, err)
		for _, g := range groups {
			n, _ := query.ValueOf[int64](g, query.Count())
			summed += n
		}
	}
	if n := int64(len(v.lists[table])); counted != n || summed != n {
		t.Errorf("%s: listed are %d rows, counted %d, aggregated %d", table, n, counted, summed)
	}
}

// included compares what a relation shows with the list of its model, without
// the deleted rows that Root is shown there.
func (v *view) included(t *testing.T, table string, r *registry.Relation) {
	targets := v.lists[r.Target.Table]
	for id, i := range v.lists[table] {
		var got []item
		if text := i[r.Name]; len(text) > 0 && string(text) != "null" {
			if !r.Many {
				text = fmt.Appendf(nil, "[%s]", text)
			}
			must(t, json.Unmarshal(text, &got))
		}
		want := map[uuid.UUID]item{}
		for target, j := range targets {
			if deleted := j["deleted_at"]; len(deleted) > 0 && string(deleted) != "null" {
				continue
			}
			if r.Many && j.id(t, r.Column.JSON) == id || !r.Many && i.id(t, r.Column.JSON) == target {
				want[target] = j
			}
		}
		shown := map[uuid.UUID]item{}
		for _, j := range got {
			shown[j.id(t, "id")] = j
		}
		if a, b := names(slices.Collect(maps.Keys(shown))), names(slices.Collect(maps.Keys(want))); len(got) != len(want) || !slices.Equal(a, b) {
			t.Errorf("%s %s: include=%s shows %s, the list of %s has %s", table, permtest.Name(id), r.Name, a, r.Target.Table, b)
		}
	}
}

// row asks for one row in each way there is.
func (v *view) row(t *testing.T, table string, r permtest.Record, missing answer) {
	id := idOf(r)
	_, listed := v.lists[table][id]
	exists, err := v.managers[table].Exists(v.ctx, id)
	must(t, err)
	may, err := v.managers[table].Access(v.ctx, id)
	got := v.get(t, table, id)
	switch {
	case exists != listed:
		t.Errorf("%s %s: listed %t, exists %t", table, permtest.Name(id), listed, exists)
	case !listed && (joinery.KindOf(err) != joinery.NotFound || may != joinery.NoActions):
		t.Errorf("%s %s: not listed, but has access %s, %v", table, permtest.Name(id), may, err)
	case listed && (err != nil || may != v.world.Actions(v.actor, r)):
		t.Errorf("%s %s: access %s, %v, where the rules say %s", table, permtest.Name(id), may, err, v.world.Actions(v.actor, r))
	case listed && got.status != http.StatusOK:
		t.Errorf("%s %s: listed, but Get answers %d %s", table, permtest.Name(id), got.status, got.body)
	case !listed && (got.status != http.StatusNotFound || string(got.body) != string(missing.body) || !maps.EqualFunc(got.header, missing.header, slices.Equal)):
		t.Errorf("%s %s: hidden: %d %s %v\nmissing: %d %s %v", table, permtest.Name(id), got.status, got.body, got.header, missing.status, missing.body, missing.header)
	}
}

// get is the answer without what differs between any two requests: the time,
// and the id that the request itself names.
func (v *view) get(t testing.TB, table string, id uuid.UUID) answer {
	a := v.do(t, v.actor, http.MethodGet, "/v1/"+table+"/"+id.String(), nil, "X-Request-Id", "the-same", "Accept-Encoding", "identity")
	a.header.Del("Date")
	a.body = []byte(strings.ReplaceAll(string(a.body), id.String(), "ID"))
	return a
}

// relations are the names of the model's relations, as for include.
func relations(m *registry.Model) string {
	var list []string
	for _, r := range m.Relations {
		list = append(list, r.Name)
	}
	return strings.Join(list, ",")
}

// names are the names of the ids, sorted.
func names(ids []uuid.UUID) []string {
	list := []string{}
	for _, id := range ids {
		list = append(list, permtest.Name(id))
	}
	slices.Sort(list)
	return list
}
