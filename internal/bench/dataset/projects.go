package dataset

import (
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// Project is one row of the table projects.
type Project struct {
	ID      uuid.UUID
	Number  int // from 1
	User    int
	Created time.Time
}

// Task is one row of the table tasks.
type Task struct {
	ID      uuid.UUID
	Number  int // 1 for the oldest
	User    int
	Project int // its number
	Status  string
	Created time.Time
	Deleted bool
}

// maxProjects is the number of projects, with fewer tasks one for each.
const maxProjects = 10_000

func (d *Data) projects(r *rand.Rand) {
	d.Projects = make([]Project, min(maxProjects, d.Size))
	for at := range d.Projects {
		p := &d.Projects[at]
		p.Number, p.Created = at+1, newest.Add(time.Duration(at-2*d.Size)*spacing)
		p.ID, p.User = rowID(r, p.Created), projectOwner(r, p.Number)
	}
}

// projectOwner gives the projects to their callers and to others.
func projectOwner(r *rand.Rand, i int) int {
	others := 10 + r.IntN(Users-9)
	switch {
	case i == 1:
		return int(OneProject)
	case i <= 51:
		return int(FiftyProjects)
	case i <= 251:
		return int(TwoHundredProjects)
	}
	return others
}

func (d *Data) tasks(r *rand.Rand) {
	d.Tasks = make([]Task, d.Size)
	for at := range d.Tasks {
		t := &d.Tasks[at]
		t.Number, t.Created = at+1, newest.Add(-time.Duration(d.Size-at-1)*spacing)
		t.ID, t.User = rowID(r, t.Created), 10+r.IntN(Users-9)
		t.Project = 1 + r.IntN(len(d.Projects))
		t.Status, t.Deleted = statuses[r.IntN(len(statuses))], r.IntN(50) == 0
	}
}
