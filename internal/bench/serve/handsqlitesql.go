package serve

import (
	"strconv"
	"strings"
)

// The statements for SQLite. The values are ?1 the user and ?2 the time; then
// for lists ?3 the status, ?4 the cursor's time and ?5 its id.

// liteReachSQL is reachSQL in SQLite's words. SQLite has no bit_or: each
// membership's role comes with the actions of one role above it at a time.
const liteReachSQL = `WITH RECURSIVE held(team_id, direct, role_id, parent_id, actions) AS (
 SELECT m.team_id, r.id, r.id, r.parent_id, r.actions FROM memberships m
  JOIN roles r ON r.id = m.role_id AND r.deleted_at IS NULL JOIN teams t ON t.id = m.team_id AND t.deleted_at IS NULL
  WHERE m.member_id = ?1 AND m.deleted_at IS NULL AND m.disabled_at IS NULL AND (m.expires_at IS NULL OR m.expires_at > ?2)
 UNION SELECT h.team_id, h.direct, r.id, r.parent_id, r.actions FROM held h JOIN roles r ON r.id = h.parent_id AND r.deleted_at IS NULL),
reach(team_id, direct, actions) AS (
 SELECT team_id, direct, max(actions & 1) | max(actions & 2) | max(actions & 4) | max(actions & 8) | max(actions & 16) | max(actions & 32) FROM held GROUP BY 1, 2
 UNION SELECT t.id, x.direct, x.actions FROM reach x JOIN teams t ON t.parent_id = x.team_id AND t.deleted_at IS NULL)`

func liteGrantSQL(actions string) string {
	return strings.Replace(grantSQL(actions), "now()", "?2", 1)
}

func liteMay(actions string) string {
	return strings.NewReplacer("$1", "?1", "now()", "?2").Replace(mayOr(actions))
}

// liteListSQL is the union of arms. SQLite has no LATERAL, but looks up the
// rows that a correlated IN with a limit names.
func liteListSQL(s shape) string {
	order, limit := "n.id DESC", strconv.Itoa(s.limit+1)
	filter, beforeGrant := "", ""
	if s.updated {
		order = "n.updated_at DESC, n.id DESC"
	}
	if s.status {
		filter = " AND n.status = ?3"
	}
	switch {
	case s.after && s.updated:
		filter += " AND (n.updated_at, n.id) < (?4, ?5)"
	case s.after:
		filter += " AND n.id < ?5"
		beforeGrant = " AND g.row_id < ?5"
	}
	arm := func(where, limit string) string {
		return "SELECT n.id FROM notes n WHERE " + where + " AND n.deleted_at IS NULL" + filter + " ORDER BY " + order + " LIMIT " + limit
	}
	inner := strings.NewReplacer("n.", "i.", "notes n", "notes i")
	granted := func(from, to string) string {
		order := order
		if from == "" && !s.updated {
			order = "g.row_id DESC" // as the index has them
		}
		return "SELECT n.id, n.updated_at FROM " + from + "grants g CROSS JOIN notes n WHERE " + to + " AND " + liteGrantSQL(view) + beforeGrant +
			" AND n.id = g.row_id AND n.deleted_at IS NULL" + filter + " ORDER BY " + order + " LIMIT " + limit
	}
	return liteReachSQL + `,
tm(team_id) AS MATERIALIZED (SELECT DISTINCT team_id FROM reach WHERE actions & ` + view + ` <> 0),
rt(team_id) AS MATERIALIZED (SELECT DISTINCT team_id FROM reach),
rl(role_id) AS MATERIALIZED (SELECT DISTINCT role_id FROM held),
heads(team_id, updated_at, id) AS MATERIALIZED (SELECT m.team_id, n.updated_at, n.id FROM tm m CROSS JOIN notes n ON n.id = (` + inner.Replace(arm("n.team_id = m.team_id", "1")) + `) ORDER BY ` + order + ` LIMIT ` + limit + `),
cand(id, updated_at) AS (
 SELECT * FROM (SELECT n.id, n.updated_at FROM notes n WHERE n.user_id = ?1 AND n.deleted_at IS NULL` + filter + ` ORDER BY ` + order + ` LIMIT ` + limit + `)
 UNION SELECT * FROM (SELECT n.id, n.updated_at FROM heads m CROSS JOIN notes n WHERE n.id IN (` + inner.Replace(arm("n.team_id = m.team_id", limit)) + `) ORDER BY ` + order + ` LIMIT ` + limit + `)
 UNION SELECT * FROM (` + granted("", "g.member_id = ?1") + `)
 UNION SELECT * FROM (` + granted("rt m CROSS JOIN ", "g.team_id = m.team_id AND "+narrowed) + `)
 UNION SELECT * FROM (` + granted("rl m CROSS JOIN ", "g.role_id = m.role_id AND g.team_id IS NULL") + `)),
top(id) AS MATERIALIZED (SELECT n.id FROM cand n ORDER BY ` + order + ` LIMIT ` + limit + `)
SELECT ` + noteColumns + ` FROM top CROSS JOIN notes n WHERE n.id = top.id ORDER BY ` + order
}

// Statements on one note.
var (
	liteGetSQL = liteReachSQL + " SELECT " + noteColumns + " FROM notes n WHERE n.id = ?3 AND " + liteMay(view)

	liteInsertSQL = liteReachSQL + ` INSERT INTO notes (id, created_at, created_by_id, version, updated_at, updated_by_id, user_id, team_id, title, body, status, priority)
 SELECT ?3, ?2, ?1, 1, ?2, ?1, ?1, ?4, ?5, ?6, ?7, ?8 WHERE ?4 IS NULL OR EXISTS (SELECT 1 FROM reach WHERE team_id = ?4 AND actions & ` + edit + ` <> 0)
 RETURNING ` + liteReturned

	liteUpdateSQL = liteReachSQL + ` UPDATE notes AS n SET title = coalesce(?5, title), body = coalesce(?6, body), status = coalesce(?7, status), priority = coalesce(?8, priority),
 version = version + 1, updated_at = ?2, updated_by_id = ?1 WHERE n.id = ?3 AND n.version = ?4 AND ` + liteMay(edit) + ` RETURNING ` + liteReturned

	liteMayEditSQL = liteReachSQL + " SELECT " + liteMay(edit) + " FROM notes n WHERE n.id = ?3 AND " + liteMay(view)

	// SQLite knows no alias in RETURNING.
	liteReturned = strings.ReplaceAll(noteColumns, "n.", "")
)
