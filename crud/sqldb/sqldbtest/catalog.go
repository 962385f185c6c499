package sqldbtest

import (
	"github.com/joinery-go/joinery/crud/sqldb"
)

var catalogs = []test{
	{"tables and columns of the catalog", catalogTables},
	{"indexes of the catalog", catalogIndexes},
}

func catalogTables(t *T) {
	db := t.kept("text")
	t.exec(db, sqldb.Raw("CREATE VIEW w AS SELECT n FROM v"))
	before := db.Stats().Statements
	tables, err := sqldb.Catalog(t.Context(), db, "w", "v", "nothing", "o'clock")
	t.NoErr(err)
	t.Equal(db.Stats().Statements, before)
	t.Equal(len(tables), 2)
	t.Equal(tables[0].Name, "v")
	t.Equal(tables[0].Columns, []string{"n", "x"})
	t.True(!tables[0].View)
	t.Equal(tables[1].Name, "w")
	t.True(tables[1].View)
}

// catalogIndexes sees that what the catalog says of an index is in the words
// of the dialect that would ask for it.
func catalogIndexes(t *T) {
	db := t.kept("text")
	d := db.Dialect()
	texts := []string{
		"CREATE INDEX plain ON v (n, x)",
		`CREATE UNIQUE INDEX "where" ON v (n)`,
		"CREATE INDEX down ON v (x DESC)",
		"CREATE INDEX nullable ON v (" + d.OrderBy("n", false, true) + ", " + d.OrderBy("x", true, true) + ")",
	}
	collated, expressions := "collated", d.Name() != "mariadb" // whose indexes are of columns, as they are, and of all rows
	if expressions {
		texts = append(texts, "CREATE INDEX collated ON v ("+d.Collate("x")+")",
			"CREATE INDEX part /* where */ ON v (x) \n where n is NULL AND (x IS NULL)",
			"CREATE INDEX called ON v (lower(x), n)")
	} else {
		collated = "down"
		texts = append(texts, "CREATE INDEX called ON v (x(10), n)")
	}
	for _, text := range texts {
		t.exec(db, sqldb.Raw(text))
	}
	tables, err := sqldb.Catalog(t.Context(), db, "v")
	t.NoErr(err)
	all := map[string]sqldb.Index{}
	for _, i := range tables[0].Indexes {
		all[i.Name] = i
		t.True(i.Valid)
		t.True(i.Ordered)
		t.Equal(i.Where != "", i.Name == "part")
	}
	t.True(len(all) >= len(texts)) // and that of the primary key, where it is one
	order := func(name string, i int) string { return all[name].Columns[i].Order }
	t.Equal(all["plain"].Columns[0].Name+all["plain"].Columns[1].Name, "nx")
	t.Equal(order("plain", 0), d.OrderBy("", false, false))
	t.True(all["where"].Unique)
	t.True(!all["plain"].Unique)
	t.Equal(order("down", 0), d.OrderBy("", true, false))
	t.Equal(order("nullable", 0), d.OrderBy("", false, true))
	t.Equal(order("nullable", 1), d.OrderBy("", true, true))
	t.Equal(all[collated].Columns[0].Collation, d.Collate(""))
	t.Equal(all["called"].Columns[0].Name, "")
	t.Equal(all["called"].Columns[1].Name, "n")
}
