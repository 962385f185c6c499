package dataset_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/internal/bench/dataset"
)

func TestTheSameSizeGivesTheSameRows(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a, b := dataset.New(2000), dataset.New(2000)
	is.Equal(a, b)
	is.True(slices.IsSortedFunc(a.Notes, func(x, y dataset.Note) int { return slices.Compare(x.ID[:], y.ID[:]) })) // by age
	ids := map[uuid.UUID]bool{}
	for i := range a.Notes {
		ids[a.Notes[i].ID] = true
		is.Equal(a.Notes[i].ID.Version(), uuid.Version(7))
	}
	is.Equal(len(ids), 2000)
}

// share is how many of a hundred notes have something.
func share(d *dataset.Data, has func(dataset.Note) bool) float64 {
	n := 0
	for _, note := range d.Notes {
		if has(note) {
			n++
		}
	}
	return 100 * float64(n) / float64(d.Size)
}

func TestDistribution(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	d := dataset.New(50_000)
	near := func(got, want, by float64) {
		t.Helper()
		if got < want-by || got > want+by {
			t.Errorf("got %.2f, want %.2f", got, want)
		}
	}
	near(share(d, func(n dataset.Note) bool { return n.Team != 0 }), 70, 1)
	near(share(d, func(n dataset.Note) bool { return n.Deleted }), 2, 0.3)
	near(share(d, func(n dataset.Note) bool { return n.Status == dataset.Done }), 20, 1)
	near(100*float64(len(d.Grants))/float64(d.Size), 2, 0.1)
	var users, teams, roles, both, expired float64
	for _, g := range d.Grants {
		switch {
		case g.User != 0:
			users++
		case g.Team != 0 && g.ByRole:
			both++
		case g.Team != 0:
			teams++
		default:
			roles++
		}
		if g.Expired {
			expired++
		}
	}
	all := float64(len(d.Grants)) / 100
	near(users/all, 93, 0.5)
	near(teams/all, 5, 0.5)
	near(roles/all, 1, 0.3)
	near(both/all, 1, 0.3)
	near(expired/all, 10, 3)
	is.Equal(len(d.Teams), 201)
	is.Equal(len(d.Projects), 10_000)
	for _, n := range d.Notes[d.Size/100:] {
		is.True(n.Team != 200) // which only old rows have
	}
}

func TestCallersSeeWhatIsPromised(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	for _, size := range []int{1000, 10_000} {
		d := dataset.New(size)
		seen := func(c dataset.Caller) int { return len(d.Visible(c, dataset.Newest)) }
		is.Equal(seen(dataset.Few), 5)
		is.Equal(seen(dataset.FewOld), 20)
		is.Equal(seen(dataset.None), 0)
		is.Equal(d.Visible(dataset.FewOld, dataset.Newest)[19], d.Notes[0].ID) // the oldest
		is.True(seen(dataset.Many) > size/7 && seen(dataset.Many) < size/3)    // of a third of the teams
		is.True(seen(dataset.All) > size/2)
		is.True(seen(dataset.Mid) > size/500 && seen(dataset.Mid) < size/50)
		is.True(seen(dataset.OldTeam) < size/100 && (size == 1000 || seen(dataset.OldTeam) > size/500))
		is.True(seen(dataset.Grants) >= size/400)
		for i, projects := range []int{1, 50, 200} {
			visible := len(d.VisibleTasks(dataset.ProjectCallers()[i]))
			is.True(visible <= 4*projects*max(1, size/len(d.Projects))+8)
		}
		live := 0
		for _, task := range d.Tasks {
			if !task.Deleted {
				live++
			}
		}
		is.Equal(len(d.VisibleTasks(dataset.AllProjects)), live)
	}
}
