package dataset

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// Data is the whole content of a database of one size. It is immutable once
// made, so it may be used concurrently.
type Data struct {
	Size     int // notes, and as many tasks
	Teams    []Team
	Members  []Member
	Notes    []Note // the oldest first
	Grants   []Grant
	Projects []Project
	Tasks    []Task // the oldest first
}

// The statuses of notes and tasks, by index; a fifth of the notes is done.
var statuses = [...]string{"open", "open", "done", "draft", "archived"}

// Done is the status that the measured filter asks for.
const Done = "done"

// Note is one row of the table notes.
type Note struct {
	ID               uuid.UUID
	User             int // see [UserID]
	Team             int // see [TeamID]; 0: none
	Number           int // 1 for the oldest
	Status           string
	Priority         int
	Created, Updated time.Time
	Deleted          bool
}

// newest is when the newest row was made; the others precede it by 31 seconds
// each.
var newest = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

const spacing = 31 * time.Second

// New makes the data for n notes, at least 1,000.
func New(n int) *Data {
	d := &Data{Size: n}
	r := rand.New(rand.NewPCG(42, uint64(n)))
	d.teams()
	d.members()
	d.notes(r)
	d.grants(r)
	d.projects(r)
	d.tasks(r)
	return d
}

// notes makes the notes. See callers.go for those who own particular ones.
func (d *Data) notes(r *rand.Rand) {
	d.Notes = make([]Note, d.Size)
	for at := range d.Notes {
		i := at + 1
		n := &d.Notes[at]
		n.Number, n.Created = i, newest.Add(-time.Duration(d.Size-i)*spacing)
		n.ID = rowID(r, n.Created)
		// In milliseconds, which is all that PocketBase keeps.
		n.Updated = n.Created.Add(time.Duration(r.Int64N(40*24*3600*1000)) * time.Millisecond)
		n.User, n.Team = d.place(r, i)
		n.Status, n.Priority = statuses[r.IntN(len(statuses))], r.IntN(5)
		n.Deleted = r.IntN(50) == 0 && !d.special(i)
	}
}

// place is the owner and the team of the i-th note.
func (d *Data) place(r *rand.Rand, i int) (user, team int) {
	user, inTeam, somewhere := 10+r.IntN(Users-9), r.IntN(10) < 7, 1+r.IntN(oldTeam-1)
	switch {
	case i <= ownedByFewOld:
		return int(FewOld), 0
	case d.ownedByFew(i):
		return int(Few), 0
	case d.grantedToFew(i):
		return user, 0
	case i <= d.Size/100 && i%2 == 0:
		return user, oldTeam // all its rows are among the oldest
	case i%1000 == 13:
		user = int(Mid)
	}
	if !inTeam {
		somewhere = 0
	}
	return user, somewhere
}

// special tells rows that a caller is promised.
func (d *Data) special(i int) bool {
	return i <= ownedByFewOld || d.ownedByFew(i) || d.grantedToFew(i)
}

func (d *Data) ownedByFew(i int) bool   { return i == d.Size/4+3 || i == d.Size/2+3 || i == d.Size*3/4+3 }
func (d *Data) grantedToFew(i int) bool { return i == d.Size/3 || i == d.Size*2/3 }

// rowID is a UUIDv7 for the moment.
func rowID(r *rand.Rand, at time.Time) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:], uint64(at.UnixMilli())<<16|uint64(r.IntN(1<<12))|0x7000)
	binary.BigEndian.PutUint64(id[8:], r.Uint64()>>2|1<<63)
	return id
}

// fixedID is a UUIDv7 of the year 2025 for the i-th thing of a kind.
func fixedID(kind byte, i int) uuid.UUID {
	id := uuid.UUID{0: 0x01, 1: 0x94, 2: 0x20, 6: 0x70, 8: 0x80, 9: kind}
	binary.BigEndian.PutUint32(id[12:], uint32(i))
	return id
}

// UserID is the id of the i-th user, from 1.
func UserID(i int) uuid.UUID { return fixedID('u', i) }

// TeamID is the id of the i-th team, from 1.
func TeamID(i int) uuid.UUID { return fixedID('t', i) }
