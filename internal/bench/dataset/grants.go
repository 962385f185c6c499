package dataset

import (
	"math/rand/v2"

	"github.com/google/uuid"
)

// Grant is one row of the table grants, on a note.
type Grant struct {
	ID      uuid.UUID
	Note    int // its number
	User    int // 0: none
	Team    int // 0: none
	Role    Role
	ByRole  bool // Role is a target, or narrows the one that Team is
	Edit    bool // View otherwise
	Expired bool
}

// grants are one on every fiftieth note, and the two of Few. A quarter is for
// the caller Grants.
func (d *Data) grants(r *rand.Rand) {
	for i := 50; i <= d.Size; i += 50 {
		g := d.target(r, i)
		g.ID, g.Note = fixedID('g', i), i
		g.Edit, g.Expired = r.IntN(2) == 0, r.IntN(10) == 0
		d.Grants = append(d.Grants, g)
	}
	for _, i := range []int{d.Size / 3, d.Size * 2 / 3} {
		d.Grants = append(d.Grants, Grant{ID: fixedID('f', i), Note: i, User: int(Few)})
	}
}

func (d *Data) target(r *rand.Rand, i int) Grant {
	user, team := 9+r.IntN(Users-8), 1+r.IntN(oldTeam)
	switch k := i / 50 % 100; {
	case k%4 == 0:
		return Grant{User: int(Grants)}
	case k == 1 || k == 2 || k == 3 || k == 5 || k == 6:
		return Grant{Team: team}
	case k == 7:
		return Grant{Role: Superadmin, ByRole: true}
	case k == 9:
		return Grant{Team: team, Role: Admin, ByRole: true}
	}
	return Grant{User: user}
}
