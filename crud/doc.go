// Package crud gives an entity struct its manager: typed, permission-filtered
// create, get, list, update and delete, with hooks, versions and transactions.
//
//	notes, err := crud.New[Note, CreateNote, UpdateNote](reg, db, access, nil)
//	n, err := notes.Create(ctx, CreateNote{Title: "Ship it"})
//	n, err = notes.Update(ctx, n.ID, n.Version, UpdateNote{Title: crud.Set("Shipped")})
//	page, err := notes.List(ctx, query.Query{Sort: []string{"-priority"}, Limit: 20})
//
// T is the row as it is stored and answered, C and U are what a caller may
// send: what a type does not name cannot be set. Rules, defaults and
// permissions stand on T alone; see package registry for its tags.
//
// # Who acts
//
// Every call asks its context who acts (joinery.WithActor) and the [Access]
// what that actor may see and do. The same filter is part of every statement:
// of the list, of its count, of relations that are included, filtered or
// followed, and of the write itself. A row that the actor may not see is
// NotFound, with the same statements run as for a row that does not exist.
// Where permissions are not wanted, say [Unrestricted]. [Manager.Access] tells
// what the actor may do with a row, [Manager.Explain] why.
//
// # A write
//
// One write goes through these steps: may the actor see the row, and change
// it; is the version the current one; Before hooks; the rules on the row as it
// will be; may it be placed there (team, parent, references, owner); the
// statement, which repeats permission and version in its condition; After
// hooks; commit; Committed hooks and the [Feed]. Where nothing needs the row
// beforehand the steps are one statement. Whichever way it runs, the answer is
// the first that holds of Malformed, NotFound, Forbidden, Stale, Invalid,
// Conflict; all fields that are not valid are told at once.
//
// Batches write all rows or none. Several calls become one transaction by
// sqldb.InTx; calls made with the ctx of a hook join the operation's. A hook
// that calls with another ctx is outside of it, see [Hooks].
//
// # Versions
//
// A model with a version (mixin [Entity]) counts its changes. Update and
// Delete name the version that the caller saw and fail as Stale when the row
// has changed since; [AnyVersion] changes it whatever it is.
//
// # Deleting
//
// With mixin [SoftDelete] a deleted row stays in the table, out of everyone's
// sight but Root's. References decide what becomes of the rows that name it:
// restrict refuses the delete, cascade deletes them too, setnull clears the
// reference; all of that also when the delete is soft, with the hooks of the
// rows concerned.
//
// [Manager.Restore] brings a deleted row back, with what its deletion took
// along. Root alone may, as nobody else sees it. A live row refers to no deleted
// one, unless Root writes it so: to who would refer to it a deleted row is a
// missing one, and what a row refers to is restored before it. A unique key may
// by now be another row's. [Manager.Purge] removes a row for good, deleted or
// not, with all that Access keeps about it.
//
// # Copying
//
// [Manager.Copy] is a creation whose input is filled from a row that the actor
// may copy. The actor owns the copy.
//
// # Lists
//
// A condition that says who may see a row is an OR of several ways to it, which
// no index serves: for who sees little of a large table a database walks all of
// it. So the statement of a list takes the ways apart, where Access can (see
// [Armer]): the first rows of each, by the index for it, and the first of those.
// Who reaches a row by many teams or parents may have the page filled sooner by
// some rows in the order of the list, which are then looked at first. A page
// costs about the same among ten thousand rows and among a million, the first
// like the thousandth, on PostgreSQL and SQLite (on MariaDB it is the condition
// alone, and may cost what a count does), as long as
//
//   - the indexes are there that registry derives from the model (perm's Verify
//     names those that are missing),
//   - the order is one that the model declares,
//   - where the model inherits, the actor sees up to some 500 of the rows above
//     it (for a tree, of its own rows) or enough of them that a page comes
//     together among the first 3,000 rows of the order (of a tree, among the
//     first 500): all that lies between costs some microseconds for each, and in
//     a tree each row looked at costs as much for each row above it,
//   - the actor reaches up to some 500 teams, or enough of the rows by them,
//   - the filter, where there is one, holds for 2 in 100 or more of the rows that
//     the actor sees,
//   - up to some 5,000 rows are granted to the actor: in the order of the id
//     only those of the page are looked at, in another one all of them, and
//     those that were deleted always,
//   - there is no [registry.Extra], which looks at rows in the order of the list
//     until the page is full, and no owner of many rows in teams that it no
//     longer reaches where the policy asks owners for reach,
//   - and the database knows about how large its tables are: after a bulk load
//     into tables that were empty, run ANALYZE.
//
// A declared order is an index for each of these ways, which every write pays
// for: declare those that are asked for.
//
// A filter by id, by a reference or by the owner where that is the actor leaves
// few rows, as a rule: all that it leaves are looked at, by its index. So do
// lists with a filter on fields of a relation, with a custom search, and Root's
// with deleted rows, without an index for it: they take as long as a count.
//
// # Totals
//
// [Manager.Count] and [Manager.Aggregate] compute over the rows that the actor
// may see and no others, by the filters of a list:
//
//	groups, err := notes.Aggregate(ctx, query.Query{}, crud.GroupBy("status"), crud.Count(), crud.Avg("priority"))
//
// Both look at every row that the filter leaves: among a million, that takes
// from tenths of a second to seconds. A list counts nothing unless its query
// says so, by a second statement: [query.CountCapped] stops at [CappedCount]
// rows found and costs what a page of a thousand rows does, or, of the lists that
// take as long as a count, that; [query.CountExact] looks at every row.
//
// # Attached fields
//
// What registry.Attach attaches to T is a relation of T like those it has
// fields for: query.Include reads it, in one statement for all rows, and
// filters name it by a dot, both among the rows that the actor may see. T has
// no field for it: [Attached] reads it from a row. The attached struct, which
// has [Side] for its identity, has a manager of its own that writes it:
//
//	err := registry.Attach[Note, Billing](reg, nil)
//	billings, err := crud.New[Billing, CreateBilling, UpdateBilling](reg, db, access, nil)
//	_, err = billings.Create(ctx, CreateBilling{ID: note.ID, Plan: "gold"})
//	note, err = notes.Get(ctx, note.ID, query.Include("billing"))
//	billing, ok := crud.Attached[Billing](&note)
//
// Deleting the note deletes the billing too, restoring it brings it back. A
// billing that was deleted by itself may be created again; the new row then
// takes the place of the deleted one, which cannot be restored any more, and
// goes on with its version.
//
// # Existing tables
//
// T may map any table with a uuid key. What a table lacks is left out: without
// a version there is no check for changes in between, without deleted_at
// Delete removes the row, without created_at nobody is told when.
//
// # What it does not do
//
// There are no lazy relations, no sessions that remember rows, and no changes
// by filter: every call names the rows that it writes. Keys are one uuid. Tables
// are made by [CreateTables] where they are missing, and never altered. Nothing
// is kept between calls but compiled statements, unless a [RowCache] is set. SQL
// of an app's own runs on the same database, in the same transaction, by package
// sqldb; it is outside of hooks and of the feed, and asks Access by itself.
//
// # Errors and sharing
//
// Errors that a caller can act on are *joinery.Error of a kind, with the fields
// at fault by JSON pointer; any other is a fault of the program or the database.
// A [Manager] is made by [New], its zero value is of no use, and it is safe for
// concurrent use, hooks added meanwhile included.
package crud
