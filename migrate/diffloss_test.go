package migrate

import "testing"

// TestHolds: types that hold every value of another one, in the words of each
// database, and those that do not.
func TestHolds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ on, from, to, back string }{ // back: whether the way back holds, too
		{"postgres", "bigint", `text COLLATE "C"`, "no"},
		{"postgres", "integer", "bigint", "no"},
		{"postgres", "smallint", "double precision", "no"},
		{"postgres", "real", "double precision", "no"},
		{"postgres", "character varying(20)", "varchar(30)", "no"},
		{"postgres", "character varying(20)", "text", "no"},
		{"postgres", "text", `text COLLATE "C"`, "yes"},
		{"postgres", "numeric(8,2)", "numeric(12,4)", "no"},
		{"postgres", "numeric(8,2)", "numeric", "no"},
		{"postgres", "bigint", "numeric(21,2)", "no"},
		{"postgres", "timestamp(3) with time zone", "timestamptz(6)", "no"},
		{"postgres", "timestamp with time zone", "timestamptz(6)", "yes"},
		{"postgres", "uuid", "text", "no"},
		{"sqlite", "INTEGER", "TEXT", "no"},
		{"sqlite", "BOOLEAN", "INTEGER", "no"},
		{"sqlite", "DECIMAL(8,2)", "DECIMAL(12,2)", "no"},
		{"mariadb", "varchar(63)", "varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin", "no"},
		{"mariadb", "varchar(63)", "longtext", "no"},
		{"mariadb", "int(11)", "bigint", "no"},
		{"mariadb", "bigint(20)", "bigint", "yes"},
		{"mariadb", "int(11)", "varchar(20)", "no"},
		{"mariadb", "tinyint(1)", "bigint", "no"},
		{"mariadb", "datetime", "datetime(6)", "no"},
	} {
		if !holds(c.on, c.to, c.from) {
			t.Errorf("%s: %s should hold every %s", c.on, c.to, c.from)
		}
		if back := holds(c.on, c.from, c.to); back != (c.back == "yes") {
			t.Errorf("%s: %s holds every %s: %v, want %s", c.on, c.from, c.to, back, c.back)
		}
	}
	for _, c := range []struct{ on, from, to string }{
		{"postgres", "bigint", "numeric(20,2)"},
		{"postgres", "bigint", "double precision"},
		{"postgres", "numeric(8,2)", "numeric(9,4)"},
		{"postgres", "boolean", "uuid"},
		{"postgres", "bytea", "text"},
		{"mariadb", "bigint(20)", "varchar(10)"},
		{"sqlite", "TEXT", "BLOB"},
	} {
		if holds(c.on, c.to, c.from) {
			t.Errorf("%s: %s should not hold every %s", c.on, c.to, c.from)
		}
	}
}
