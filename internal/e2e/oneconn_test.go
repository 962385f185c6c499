package e2e_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// No request holds two connections, so that a pool of one serves any number of
// them: one after the other, and all of them.
func TestPoolOfOneConnection(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		_, c := startService(t, b, &sqldb.Options{MaxConns: 1, AcquireTimeout: 60 * time.Second, LockTimeout: 60 * time.Second})
		owner, friend := newUser(), newUser()
		list := c.create(t, owner, "/v1/lists", object{"title": "list"})
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() { c.everything(t, owner, friend, list.ID, i) })
		}
		wg.Wait()
	})
}

// everything makes one request of each sort.
func (c *client) everything(t *testing.T, owner, friend joinery.Actor, list uuid.UUID, i int) {
	title := fmt.Sprint("item ", i)
	var row ident
	send := func(actor joinery.Actor, status int, method, path string, body any, headers ...string) answer {
		a, err := c.try(t.Context(), actor, method, path, body, headers...)
		if err != nil || a.status != status {
			t.Errorf("%s %s: got %d %s %v, want %d", method, path, a.status, a.body, err, status)
			return answer{body: []byte("{}")}
		}
		return a
	}
	send(owner, 201, "POST", "/v1/items", object{"title": title, "list_id": list}).into(t, &row)
	path := "/v1/items/" + row.ID.String()
	send(owner, 200, "GET", path+"?include=list", nil)
	send(friend, 404, "GET", path, nil)
	send(owner, 201, "POST", "/v1/grants", object{"model": "items", "row_id": row.ID, "actions": []string{"view", "edit"}, "member_id": friend.ID})
	send(friend, 200, "PATCH", path, object{"title": title + "!"}, "If-Match", `"1"`)
	send(owner, 200, "PATCH", path, object{"list_id": nil}, "If-Match", `"2"`)
	send(owner, 412, "PATCH", path, object{"title": "late"}, "If-Match", `"1"`)
	send(owner, 200, "GET", "/v1/items?title.contains=item&include=list&count=exact", nil)
	send(owner, 200, "GET", "/v1/lists/"+list.String()+"/items", nil)
	send(owner, 201, "POST", "/v1/items", []object{{"title": title}, {"title": title, "list_id": list}})
	send(owner, 201, "POST", "/v1/teams", object{"name": title})
	send(owner, 204, "DELETE", path, nil, "If-Match", "*")
}
