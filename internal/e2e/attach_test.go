package e2e_test

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// Quota is what an extension adds to lists, which it does not own.
type Quota struct {
	crud.Side[List]
	crud.SoftDelete
	Size   int64  `json:"size" validate:"gte=0" sortable:"true"`
	Secret string `json:"-" db:"secret" api:"hidden"`
}

type (
	CreateQuota struct {
		ID   uuid.UUID `json:"id"`
		Size int64     `json:"size"`
	}
	UpdateQuota struct {
		Size crud.Opt[int64] `json:"size,omitzero"`
	}
)

// extended is a service with the extension.
type extended struct {
	*service
	engine *perm.Engine
	quotas *crud.Manager[Quota, CreateQuota, UpdateQuota]
}

func startExtended(t *testing.T, b backend) (*extended, *client) {
	t.Helper()
	db := b.fresh(t, nil)
	s := &extended{service: &service{db: db, reg: registry.New(nil)}}
	var err error
	s.engine, err = perm.New(s.reg, db, nil)
	must(t, err)
	must(t, registry.Attach[List, Quota](s.reg, &registry.AttachOptions{Doc: "How long the list may be."}))
	s.quotas, err = crud.New[Quota, CreateQuota, UpdateQuota](s.reg, db, s.engine, nil)
	must(t, err)
	s.teams, err = teams.New(s.reg, db, s.engine, nil)
	must(t, err)
	s.lists, err = crud.New[List, CreateList, UpdateList](s.reg, db, s.engine, nil)
	must(t, err)
	s.items, err = crud.New[Item, CreateItem, UpdateItem](s.reg, db, s.engine, nil)
	must(t, err)
	s.api = rest.New(nil, &rest.Options{Auth: signIn, NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})
	must(t, rest.Mount(s.api, "/v1/quotas", s.quotas, nil))
	must(t, s.mount())
	must(t, s.install(t.Context()))
	return s, serve(t, s.api)
}

// shared is a list of ann's with a quota of 3, in a team in which bob may view
// alone.
func (s *extended) shared(t *testing.T, c *client, ann, bob joinery.Actor) (list ident) {
	t.Helper()
	team := c.create(t, ann, "/v1/teams", object{"name": "team"})
	c.create(t, ann, "/v1/memberships", object{"team_id": team.ID, "member_id": bob.ID, "role_id": s.role(t, "viewer", perm.View)})
	list = c.create(t, ann, "/v1/lists", object{"title": "shared", "team_id": team.ID})
	made := c.do(t, ann, "POST", "/v1/quotas", object{"id": list.ID, "size": 3}).want(t, 201)
	if got, want := made.header.Get("Location"), "/v1/quotas/"+list.ID.String(); got != want {
		t.Fatalf("Location is %q, want %q", got, want)
	}
	return list
}

// body is an answer as an object.
func (a answer) object(t *testing.T) (o object) {
	t.Helper()
	a.into(t, &o)
	return o
}

func TestAttachedFieldsOverHTTP(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		s, c := startExtended(t, b)
		ann, bob := newUser(), newUser()
		list := s.shared(t, c, ann, bob)
		bare := c.create(t, ann, "/v1/lists", object{"title": "bare"})
		path := "/v1/lists/" + list.ID.String()

		plain := c.do(t, bob, "GET", path, nil).want(t, 200)
		if _, has := plain.object(t)["quota"]; has || plain.header.Get("Etag") != `"1"` {
			t.Fatalf("without include: %s %s", plain.header.Get("Etag"), plain.body)
		}
		with := c.do(t, bob, "GET", path+"?include=quota&fields=title", nil, "If-None-Match", `"1"`).want(t, 200)
		got := with.object(t)
		quota, _ := got["quota"].(object)
		if with.header.Get("Etag") != "" || len(got) != 2 || quota["size"] != 3.0 || quota["id"] != list.ID.String() || quota["version"] != 1.0 {
			t.Fatalf("with include: %s %s", with.header.Get("Etag"), with.body)
		}
		if strings.Contains(string(with.body), "ecret") {
			t.Fatalf("a hidden column shows: %s", with.body)
		}
		if o := c.do(t, ann, "GET", "/v1/lists/"+bare.ID.String()+"?include=quota", nil).want(t, 200).object(t); o["quota"] != nil {
			t.Fatalf("a list without quota has %v", o["quota"])
		}
		item := c.create(t, ann, "/v1/items", object{"title": "i", "list_id": list.ID})
		nested := c.do(t, bob, "GET", "/v1/items/"+item.ID.String()+"?include=list.quota", nil).want(t, 200).object(t)
		if nested["list"].(object)["quota"].(object)["size"] != 3.0 {
			t.Fatalf("got %v", nested)
		}
		c.do(t, ann, "PATCH", "/v1/quotas/"+list.ID.String(), object{"size": 4, "version": 1}).want(t, 200)
		c.do(t, ann, "PATCH", "/v1/quotas/"+list.ID.String(), object{"id": bare.ID, "version": 2}).want(t, 400)

		for query, want := range map[string][]string{
			"quota.size=4":                         {list.ID.String()},
			"quota.size.gte=3&include=quota":       {list.ID.String()},
			"quota.size.lt=4":                      nil,
			"title=bare&quota.size.gte=0":          nil,
			"title.in=bare,shared&quota.size.gt=3": {list.ID.String()},
		} {
			if got := ids(t, c.do(t, ann, "GET", "/v1/lists?"+query, nil)); !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", query, got, want)
			}
		}
		found := c.do(t, bob, "POST", "/v1/lists/search", object{"filter": object{"quota.size": object{"gt": 3}}, "include": []string{"quota"}}).want(t, 200)
		if got := ids(t, found); !slices.Equal(got, []string{list.ID.String()}) || !strings.Contains(string(found.body), `"size":4`) {
			t.Errorf("search: %s", found.body)
		}
		c.do(t, ann, "GET", "/v1/lists?sort=quota.size", nil).want(t, 400)
		c.do(t, ann, "GET", "/v1/lists?fields=quota", nil).want(t, 400)
		c.do(t, ann, "GET", "/v1/lists?quota.secret=x", nil).want(t, 400)

		c.do(t, ann, "DELETE", "/v1/items/"+item.ID.String(), nil, "If-Match", "*").want(t, 204)
		c.do(t, ann, "DELETE", path, nil, "If-Match", `"1"`).want(t, 204)
		c.do(t, ann, "GET", "/v1/quotas/"+list.ID.String(), nil).want(t, 404)
	})
}

// ids are those of a page's rows.
func ids(t *testing.T, a answer) (list []string) {
	t.Helper()
	var page struct{ Items []ident }
	a.want(t, http.StatusOK).into(t, &page)
	for _, row := range page.Items {
		list = append(list, row.ID.String())
	}
	return list
}

// Who may do something to a list may do it to its quota, and nobody else may.
func TestAttachedFieldsHaveThePermissionsOfTheirRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		s, c := startExtended(t, b)
		ann, bob, eve := newUser(), newUser(), newUser()
		list := s.shared(t, c, ann, bob)
		other := c.create(t, ann, "/v1/lists", object{"title": "other", "team_id": s.teamOf(t, c, ann, list)})
		c.create(t, ann, "/v1/grants", object{"model": "lists", "row_id": list.ID, "actions": []string{"view", "edit"}, "member_id": eve.ID})

		lists, quotas := s.reg.Model("lists"), s.reg.Model("quotas")
		for name, actor := range map[string]joinery.Actor{"ann": ann, "bob": bob, "eve": eve, "stranger": newUser(), "system": joinery.SystemActor(), "anonymous": {}} {
			ctx := joinery.WithActor(t.Context(), actor)
			for _, x := range joinery.AllActions.Each() {
				onList, onQuota := s.engine.Check(ctx, lists, x, list.ID), s.engine.Check(ctx, quotas, x, list.ID)
				if joinery.KindOf(onList) != joinery.KindOf(onQuota) {
					t.Errorf("%s, %s: list %v, quota %v", name, x, onList, onQuota)
				}
			}
			may := s.engine.Check(ctx, lists, perm.Edit, other.ID) == nil
			made := c.do(t, actor, "POST", "/v1/quotas", object{"id": other.ID, "size": 1})
			if (made.status == http.StatusCreated) != may {
				t.Errorf("%s creates: %d %s, may edit: %t", name, made.status, made.body, may)
			}
			if made.status == http.StatusCreated {
				c.do(t, actor, "DELETE", "/v1/quotas/"+other.ID.String(), nil, "If-Match", "*").want(t, 204)
			}
		}
		path := "/v1/quotas/" + list.ID.String()
		c.do(t, bob, "GET", path, nil).want(t, 200)
		c.do(t, bob, "PATCH", path, object{"size": 1, "version": 1}).want(t, 403)
		c.do(t, eve, "PATCH", path, object{"size": 1, "version": 1}).want(t, 200)
		c.do(t, newUser(), "GET", path, nil).want(t, 404)
		c.do(t, bob, "POST", "/v1/quotas", object{"id": other.ID, "size": 1}).want(t, 403)
		dead := c.do(t, joinery.RootActor(), "GET", "/v1/quotas/"+other.ID.String(), nil).want(t, 200)
		if dead.object(t)["deleted_at"] == nil {
			t.Errorf("a create that is refused leaves %s", dead.body)
		}
		hidden := c.do(t, eve, "POST", "/v1/quotas", object{"id": other.ID, "size": 1}).want(t, 422)
		missing := c.do(t, eve, "POST", "/v1/quotas", object{"id": uuid.New(), "size": 1}).want(t, 422)
		if p := hidden.err(t).Error(); p != missing.err(t).Error() || !strings.Contains(p, "/id") {
			t.Errorf("a hidden list answers %s, a missing one %s", hidden.body, missing.body)
		}

		key := ann // whose key may view lists alone
		key.Scope = map[string]joinery.Actions{"lists": perm.View}
		seen := c.do(t, key, "GET", "/v1/lists/"+list.ID.String()+"?include=quota", nil).want(t, 200)
		if strings.Contains(string(seen.body), "quota") {
			t.Errorf("the key sees %s", seen.body)
		}
		if got := ids(t, c.do(t, key, "GET", "/v1/lists?quota.size.gte=0", nil)); got != nil {
			t.Errorf("the key finds %v", got)
		}
	})
}

func (s *extended) teamOf(t *testing.T, c *client, actor joinery.Actor, list ident) any {
	t.Helper()
	return c.do(t, actor, "GET", "/v1/lists/"+list.ID.String(), nil).want(t, 200).object(t)["team_id"]
}

func TestAttachedFieldsAreInTheDocument(t *testing.T) {
	t.Parallel()
	_, c := startExtended(t, backends()[0])
	doc := c.do(t, newUser(), "GET", "/openapi.json", nil).want(t, 200)
	var spec struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]object
				Required   []string
			}
		}
	}
	doc.into(t, &spec)
	list := spec.Components.Schemas["List"]
	if list.Properties["quota"]["$ref"] != "#/components/schemas/Quota" || slices.Contains(list.Required, "quota") {
		t.Errorf("List is %v", list)
	}
	if list.Properties["quota"]["description"] != "How long the list may be." {
		t.Errorf("quota is described as %v", list.Properties["quota"])
	}
	if create := spec.Components.Schemas["CreateQuota"]; !slices.Equal(create.Required, []string{"id"}) {
		t.Errorf("CreateQuota is %v", create)
	}
	if !strings.Contains(string(doc.body), "(quota)") {
		t.Error("the parameter include does not know quota")
	}
}
