// Package migratetest tests migrations: that each can be made, taken back and
// made again, and leaves the same schema each time.
//
//	func TestMigrations(t *testing.T) {
//		db, err := sqlitedb.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), nil)
//		…
//		migratetest.UpDownUp(t, db, sources...)
//	}
//
// [Schema] is what it compares: the schema as the database's own catalog tells
// it, as a text.
package migratetest
