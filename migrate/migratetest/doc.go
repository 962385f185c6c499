// Package migratetest tests migrations: that each can be made, taken back and
// made again, and leaves the same schema each time.
//
//	func TestMigrations(t *testing.T) {
//		db, err := sqlitedb.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), nil)
//		…
//		migratetest.UpDownUp(t, db, sources...)
//	}
//
// [MatchModels] tests that they make what the models of a registry describe,
// [MakeModels] that they make it in the order of the fields too, and [Schema] is
// what the latter and UpDownUp compare: the schema as the database's own catalog tells
// it, as a text.
package migratetest
