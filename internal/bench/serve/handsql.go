package serve

import (
	"strconv"
	"strings"

	"github.com/joinery-go/joinery"
)

// The bits of the actions, as roles and grants keep them.
var (
	view = strconv.Itoa(int(joinery.View))
	edit = strconv.Itoa(int(joinery.Edit))
)

// reachSQL is what the user $1 reaches: held has a row for each role of each of
// its active memberships and for each role above that one; reach the teams and
// all below them, by the role of the membership and with all it may do.
const reachSQL = `WITH RECURSIVE held(team_id, direct, role_id, parent_id, actions) AS (
 SELECT m.team_id, r.id, r.id, r.parent_id, r.actions FROM memberships m
  JOIN roles r ON r.id = m.role_id AND r.deleted_at IS NULL JOIN teams t ON t.id = m.team_id AND t.deleted_at IS NULL
  WHERE m.member_id = $1 AND m.deleted_at IS NULL AND m.disabled_at IS NULL AND (m.expires_at IS NULL OR m.expires_at > now())
 UNION SELECT h.team_id, h.direct, r.id, r.parent_id, r.actions FROM held h JOIN roles r ON r.id = h.parent_id AND r.deleted_at IS NULL),
reach(team_id, direct, actions) AS (
 (SELECT team_id, direct, bit_or(actions) FROM held GROUP BY 1, 2)
 UNION SELECT t.id, x.direct, x.actions FROM reach x JOIN teams t ON t.parent_id = x.team_id AND t.deleted_at IS NULL)`

// grantSQL is that the grant g is an active one of the actions. To whom is said
// elsewhere.
func grantSQL(actions string) string {
	return `g.model = 'notes' AND g.deleted_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > now()) AND g.actions & ` + actions + ` <> 0`
}

// narrowed is that a grant to a team has no role, or one that the user holds
// there.
const narrowed = `(g.role_id IS NULL OR EXISTS (SELECT 1 FROM reach x JOIN held h ON h.direct = x.direct WHERE x.team_id = g.team_id AND h.role_id = g.role_id))`

// mayOr is the obvious condition on the note n.
func mayOr(actions string) string {
	return `n.deleted_at IS NULL AND (n.user_id = $1 OR n.team_id IN (SELECT team_id FROM reach WHERE actions & ` + actions + ` <> 0)` +
		` OR EXISTS (SELECT 1 FROM grants g WHERE g.row_id = n.id AND ` + grantSQL(actions) + ` AND (g.member_id = $1` +
		` OR g.team_id IN (SELECT team_id FROM reach) AND ` + narrowed +
		` OR g.team_id IS NULL AND g.role_id IN (SELECT role_id FROM held))))`
}

// shaped are the parts of a list's statement that follow from its shape. The
// values are $1 the user, then the status, the cursor's time and its id, as far
// as there are any.
type shaped struct {
	filter, order, outer, limit string
	grantOrder                  string // an order in which a grant's index has its rows; empty: none
	walk                        int    // how many rows of the plain index are worth a look
}

func (s shape) parts() shaped {
	p := shaped{order: "n.id DESC", outer: "top.id DESC", limit: strconv.Itoa(s.limit + 1), grantOrder: " ORDER BY g.row_id DESC LIMIT " + strconv.Itoa(s.limit+1), walk: 6 * s.limit}
	at := 2
	next := func() string { at++; return "$" + strconv.Itoa(at-1) }
	if s.updated {
		p.order, p.outer, p.grantOrder = "n.updated_at DESC, n.id DESC", "top.updated_at DESC, top.id DESC", ""
	}
	if s.status {
		p.filter, p.walk = " AND n.status = "+next(), 5*p.walk
		p.grantOrder = ""
	}
	switch {
	case s.after && s.updated:
		p.filter += " AND (n.updated_at, n.id) < (" + next() + ", " + next() + ")"
	case s.after:
		p.filter += " AND n.id < " + next()
	}
	return p
}

// args are the values of the statement.
func (l listing) args(user any) []any {
	args := append(make([]any, 0, 4), user)
	if l.shape.status {
		args = append(args, l.status)
	}
	if l.shape.after && l.shape.updated {
		args = append(args, l.at)
	}
	if l.shape.after {
		args = append(args, [16]byte(l.id))
	}
	return args
}

// openSQL is the list without permissions.
func openSQL(s shape) string {
	p := s.parts()
	return "SELECT " + noteColumns + " FROM notes n WHERE n.deleted_at IS NULL AND $1::uuid IS NOT NULL" + p.filter + " ORDER BY " + p.order + " LIMIT " + p.limit
}

// orSQL is the list with the obvious condition.
func orSQL(s shape) string {
	p := s.parts()
	return reachSQL + " SELECT " + noteColumns + " FROM notes n WHERE " + mayOr(view) + p.filter + " ORDER BY " + p.order + " LIMIT " + p.limit
}

// armsSQL is the list as a union of one ordered and limited query for each way
// to reach a row. Who reaches many teams is first shown what the newest rows
// give, and the arms run only when that is no full page.
func armsSQL(s shape) string {
	p := s.parts()
	keys := "n.id, n.updated_at"
	note := func(where, limit string) string {
		return "SELECT " + keys + " FROM notes n WHERE " + where + " AND n.deleted_at IS NULL" + p.filter + " ORDER BY " + p.order + " LIMIT " + limit
	}
	granted := func(from, to string) string {
		return "(SELECT " + keys + " FROM " + from + " CROSS JOIN LATERAL (SELECT " + keys + " FROM grants g CROSS JOIN LATERAL (SELECT " + keys +
			" FROM notes n WHERE n.id = g.row_id AND n.deleted_at IS NULL" + p.filter + " LIMIT 1) n WHERE " + to + " AND " + grantSQL(view) + s.beforeGrant(p) + p.grantOrder +
			") n ORDER BY " + p.order + " LIMIT " + p.limit + ")"
	}
	return reachSQL + `,
tm AS MATERIALIZED (SELECT DISTINCT team_id FROM reach WHERE actions & ` + view + ` <> 0),
rt AS MATERIALIZED (SELECT DISTINCT team_id FROM reach),
rl AS MATERIALIZED (SELECT DISTINCT role_id FROM held),
w AS MATERIALIZED (SELECT ` + keys + ` FROM (SELECT 1 WHERE (SELECT count(*) > 16 FROM tm)) one CROSS JOIN LATERAL (SELECT * FROM notes n WHERE n.deleted_at IS NULL` + s.beforeWalk(p) +
		` ORDER BY ` + p.order + ` LIMIT ` + strconv.Itoa(p.walk) + `) n WHERE ` + mayOr(view) + p.filter + ` ORDER BY ` + p.order + ` LIMIT ` + p.limit + `),
gate AS MATERIALIZED (SELECT 1 WHERE (SELECT count(*) FROM w) < ` + p.limit + `),
cand AS (SELECT id, updated_at FROM w
UNION ALL (SELECT ` + keys + ` FROM gate CROSS JOIN LATERAL (` + note("n.user_id = $1", p.limit) + `) n)
UNION ALL (SELECT ` + keys + ` FROM (SELECT m.team_id FROM gate CROSS JOIN tm m CROSS JOIN LATERAL (` + note("n.team_id = m.team_id", "1") + `) n ORDER BY ` + p.order + ` LIMIT ` + p.limit + `) m` +
		` CROSS JOIN LATERAL (` + note("n.team_id = m.team_id", p.limit) + `) n ORDER BY ` + p.order + ` LIMIT ` + p.limit + `)
UNION ALL ` + granted("gate", "g.member_id = $1") + `
UNION ALL ` + granted("gate CROSS JOIN rt m", "g.team_id = m.team_id AND "+narrowed) + `
UNION ALL ` + granted("gate CROSS JOIN rl m", "g.role_id = m.role_id AND g.team_id IS NULL") + `),
top AS MATERIALIZED (SELECT DISTINCT n.id, n.updated_at FROM cand n ORDER BY ` + p.order + ` LIMIT ` + p.limit + `)
SELECT ` + noteColumns + ` FROM top CROSS JOIN LATERAL (SELECT * FROM notes n WHERE n.id = top.id LIMIT 1) n ORDER BY ` + p.outer
}

// beforeGrant is the cursor for the rows that grants name, where it is an id.
func (s shape) beforeGrant(p shaped) string {
	if !s.after || s.updated {
		return ""
	}
	return " AND g.row_id < " + p.filter[strings.LastIndex(p.filter, "$"):]
}

// beforeWalk is the cursor without the filter, which must not make the walk
// longer.
func (s shape) beforeWalk(p shaped) string {
	if !s.after {
		return ""
	}
	if s.status {
		return p.filter[strings.Index(p.filter, "$2")+2:]
	}
	return p.filter
}

// Statements on one note. The values are $1 the user, $2 the id.
var (
	getSQL     = reachSQL + " SELECT " + noteColumns + " FROM notes n WHERE n.id = $2 AND " + mayOr(view)
	getOpenSQL = "SELECT " + noteColumns + " FROM notes n WHERE n.id = $2 AND n.deleted_at IS NULL AND $1::uuid IS NOT NULL"

	insertSQL = reachSQL + ` INSERT INTO notes AS n (id, created_at, created_by_id, version, updated_at, updated_by_id, user_id, team_id, title, body, status, priority)
 SELECT $2, $3, $1, 1, $3, $1, $1, $4, $5, $6, $7, $8 WHERE $4::uuid IS NULL OR EXISTS (SELECT 1 FROM reach WHERE team_id = $4 AND actions & ` + edit + ` <> 0)
 RETURNING ` + noteColumns

	updateSQL = reachSQL + ` UPDATE notes n SET title = coalesce($4, n.title), body = coalesce($5, n.body), status = coalesce($6, n.status), priority = coalesce($7, n.priority),
 version = n.version + 1, updated_at = $8, updated_by_id = $1 WHERE n.id = $2 AND n.version = $3 AND ` + mayOr(edit) + ` RETURNING ` + noteColumns

	// mayEditSQL tells why a change changed nothing: no row, false, or true.
	mayEditSQL = reachSQL + " SELECT " + mayOr(edit) + " FROM notes n WHERE n.id = $2 AND " + mayOr(view)
)
