package teams_test

import (
	"testing"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

// Nobody has a right to what may come under the id of a purged row.
func TestPurgeRemovesTheGrantsOfTheRow(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d, other := w.doc("plan"), w.doc("other")
		g, kept := w.share(d, perm.View), w.share(other, perm.View)
		ended := w.share(d, perm.Edit)
		w.NoErr(w.Grants.Delete(w.ann, ended.ID, ended.Version))
		w.refused(w.docs.Purge(w.ann, d.ID, d.Version), joinery.Forbidden, "")
		w.NoErr(w.docs.Delete(w.ann, d.ID, d.Version))
		w.refused(w.docs.Purge(w.ann, d.ID, d.Version+1), joinery.NotFound, "")
		w.refused(w.docs.Purge(w.system, d.ID, d.Version+1), joinery.NotFound, "")
		_, err := w.docs.Restore(w.system, d.ID, d.Version+1)
		w.refused(err, joinery.NotFound, "")
		w.NoErr(w.docs.Purge(w.root, d.ID, d.Version+1))
		for _, gone := range []perm.Grant{g, ended} {
			_, err = w.Grants.Get(w.root, gone.ID)
			w.refused(err, joinery.NotFound, "")
		}
		_, err = w.Grants.Get(w.root, kept.ID)
		w.NoErr(err)
	})
}

// A team that comes back has its members and what was shared with it, and is
// purged with them.
func TestTeamsAreRestoredAndPurgedWithWhatTheyHold(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		w.enrol(team.ID, w.bob, w.roles.User)
		g, err := w.Grants.Create(w.ann, grantToTeam(w.doc("plan"), team))
		w.NoErr(err)
		all := query.Query{Deleted: true}
		w.NoErr(w.Teams.Delete(w.ann, team.ID, team.Version))
		_, err = w.Teams.Get(w.bob, team.ID)
		w.refused(err, joinery.NotFound, "")
		_, err = w.Teams.Restore(w.root, team.ID, team.Version+1)
		w.NoErr(err)
		_, err = w.Teams.Get(w.bob, team.ID)
		w.NoErr(err)
		back, err := w.Grants.Get(w.ann, g.ID)
		w.NoErr(err)
		w.Equal(back.Version, g.Version+2)
		w.NoErr(w.Teams.Purge(w.root, team.ID, team.Version+2))
		n, err := w.Memberships.Count(w.root, all)
		w.NoErr(err)
		w.Equal(n, int64(0))
		_, err = w.Grants.Get(w.root, g.ID)
		w.refused(err, joinery.NotFound, "")
	})
}

func grantToTeam(d Doc, team perm.Team) teams.CreateGrant {
	return teams.CreateGrant{Model: "docs", RowID: d.ID, Actions: perm.View, TeamID: &team.ID}
}
