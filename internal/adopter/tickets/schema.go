package tickets

// Schema are the service's own tables, as they were before it knew Joinery:
// for PostgreSQL, and for SQLite, where times are microseconds since 1970. Text
// is no way to keep them there: crud reads it, but writes integers, and the two
// do not sort together.
func Schema(postgres bool) []string {
	id, at := "TEXT", "INTEGER"
	if postgres {
		id, at = "uuid", "timestamptz"
	}
	return []string{
		"CREATE TABLE agents (agent_id " + id + " PRIMARY KEY, email TEXT NOT NULL UNIQUE)",
		"CREATE TABLE tickets (ticket_no " + id + " PRIMARY KEY, subject TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open', " +
			"opened_by " + id + " NOT NULL REFERENCES agents, opened_at " + at + " NOT NULL, squad " + id + ", note TEXT)",
		"CREATE TABLE audit (ticket_no " + id + " NOT NULL, what TEXT NOT NULL)",
	}
}
