package serve

import "strconv"

// projectsSQL are the projects that the user $1 may see.
const projectsSQL = `SELECT p.id FROM projects p WHERE p.deleted_at IS NULL AND p.user_id = $1 UNION SELECT p.id FROM rt m JOIN projects p ON p.team_id = m.team_id AND p.deleted_at IS NULL`

// taskOrSQL is the list with the obvious condition.
func taskOrSQL(s shape) string {
	p := s.parts()
	return reachSQL + ", rt AS (SELECT DISTINCT team_id FROM reach WHERE actions & " + view + " <> 0) SELECT " + taskColumns + " FROM tasks n WHERE n.deleted_at IS NULL AND (n.user_id = $1 OR n.project_id IN (" + projectsSQL + "))" +
		p.filter + " ORDER BY n.id DESC LIMIT " + p.limit
}

// taskArmsSQL is the newest tasks: own ones, and the newest of each visible
// project. Up to 200 projects are looked at one by one; of more, rows of the
// plain index are looked at first, 300, then 3,000, then 30,000 of them.
func taskArmsSQL(s shape) string {
	p := s.parts()
	walk := func(rows int, gate string) string {
		return "SELECT n.id FROM (SELECT 1 WHERE " + gate + ") one CROSS JOIN LATERAL (SELECT n.id, n.user_id, n.project_id FROM tasks n WHERE n.deleted_at IS NULL" + p.filter + " ORDER BY n.id DESC LIMIT " + strconv.Itoa(rows) +
			") n WHERE n.user_id = $1 OR n.project_id IN (SELECT id FROM pj) ORDER BY n.id DESC LIMIT " + p.limit
	}
	lacks := func(w string) string { return "(SELECT count(*) FROM " + w + ") < " + p.limit }
	many := "(SELECT count(*) FROM pj) > 200"
	return reachSQL + `,
rt AS MATERIALIZED (SELECT DISTINCT team_id FROM reach WHERE actions & ` + view + ` <> 0),
pj AS MATERIALIZED (` + projectsSQL + `),
w1 AS MATERIALIZED (` + walk(300, many) + `),
w2 AS MATERIALIZED (` + walk(3000, many+" AND "+lacks("w1")) + `),
w3 AS MATERIALIZED (` + walk(30000, many+" AND "+lacks("w2")) + `),
gate AS MATERIALIZED (SELECT 1 WHERE ` + lacks("w1") + ` AND ` + lacks("w2") + ` AND ` + lacks("w3") + `),
cand AS (SELECT id FROM w1 UNION ALL SELECT id FROM w2 UNION ALL SELECT id FROM w3
UNION ALL (SELECT n.id FROM gate CROSS JOIN LATERAL (SELECT n.id FROM tasks n WHERE n.user_id = $1 AND n.deleted_at IS NULL` + p.filter + ` ORDER BY n.id DESC LIMIT ` + p.limit + `) n)
UNION ALL (SELECT n.id FROM gate CROSS JOIN pj CROSS JOIN LATERAL (SELECT n.id FROM tasks n WHERE n.project_id = pj.id AND n.deleted_at IS NULL` + p.filter + ` ORDER BY n.id DESC LIMIT ` + p.limit + `) n ORDER BY n.id DESC LIMIT ` + p.limit + `)),
top AS MATERIALIZED (SELECT DISTINCT n.id FROM cand n ORDER BY n.id DESC LIMIT ` + p.limit + `)
SELECT ` + taskColumns + ` FROM top CROSS JOIN LATERAL (SELECT * FROM tasks n WHERE n.id = top.id LIMIT 1) n ORDER BY top.id DESC`
}
