// Package seed writes the rows that an app needs or comes with: roles, plans,
// countries, sample data. It may be run at every start, by any number of
// instances at once: what is missing is inserted, what people have changed
// stays as they left it.
//
//	teams := seed.For(func(context.Context) ([]Team, error) {
//		return []Team{{Name: "Core"}, {Name: "Docs"}}, nil
//	}, seed.Key("name"), seed.Owner(system))
//
//	people := seed.For(func(ctx context.Context) ([]Person, error) {
//		return []Person{{Email: "ada@example.com", TeamID: seed.RefOf[Team](ctx, "name", "Core")}}, nil
//	}, seed.Key("email"), seed.Owner(system))
//
//	report, err := seed.Run(ctx, db, reg, people, teams)
//	fmt.Print(report) // which rows were inserted, updated, kept and left out
//
// All of it happens in one transaction: after an error nothing is written.
// Instances that run at the same moment take turns by a lock of the database,
// and who comes second finds everything done.
//
// # Which row is meant
//
// A row is known by its key, the columns that [Key] names. From its first
// seeding on it is known by its id as well, which table joinery_seeds
// remembers: it is still the same row when somebody changes the columns of its
// key. A row with the key that is there already is taken for it, and nothing
// of it is changed. A seed that gives its row another key means another row;
// rows that it does not have any more stay in the table.
//
// # What people have changed
//
// For each column, joinery_seeds keeps a hash of what the seed said and of what
// was stored then. When the seed says something else, the column follows if it
// still holds what was stored, and is kept if it does not: somebody has edited
// it. That is judged column by column. Rows given as structs say something
// about every column but those that Joinery keeps (creation, update, version);
// rows of files about the fields that they name.
//
// A row that was deleted stays deleted, whether it is still in the table, out
// of sight, or not: deleting is a change that somebody made. A row that is new
// and refers to it is left out. To have all rows of a table anew, as after
// emptying it, call [Forget].
//
// # References
//
// A seed does not know ids. [RefOf] and [Ref] make a reference by natural key
// that fits into the field of the id:
//
//	TeamID: seed.RefOf[Team](ctx, "name", "Core")            // registry.Ref[Team]
//	TeamID: new(seed.Ref(ctx, "teams", "name", "Core"))      // *uuid.UUID, as of registry.InTeam
//	TeamID: seed.RefOf[Team](ctx, "name", "Core", "org_id", seed.Ref(ctx, "orgs", "name", "Acme")) // two columns
//
// What they return is a placeholder, which becomes the id when the row is
// written, so they may name rows of the same seed, of other seeds in any order,
// and rows that are in the table. Tables have their turn in the order given, but
// after those that the registry says they refer to, and a row comes before those
// that refer to it. A reference to no row,
// and rows that need each other, are errors that name the rows.
//
// # Who writes, and who owns
//
// Rows are written by System, and every seed names who owns them, by [Owner],
// [OwnedBy] or the row's own field; one without is an error. Remember that
// package perm lets everybody see what belongs to System. With [Through] rows
// pass the hooks and the validation of a manager, and its subscribers hear of
// them; without, they are written as they are. [Hooks] are the seed's own.
//
// # Environments
//
// A seed with [Env] runs where [Options].Env is one of its environments, so
// sample rows need to be asked for. [Run] names none.
//
// # Files
//
// [Discover] makes seeds of JSON and YAML files, each named by its table:
// people.yaml, or people.dev.yaml, which is for dev only.
//
//	key: email             # or a list: [team_id, name]
//	owner: system          # template, root, an id, or {users: {email: ada@example.com}}
//	env: [dev, test]       # none: everywhere
//	rows:
//	  - email: ada@example.com
//	    team_id: {name: Core}            # the row of the table that team_id refers to
//	    born: 1815-12-10T00:00:00Z
//
// Fields have their names in the API, or those of their columns. What is wrong
// is told with the file, the line, the row and the field.
//
// # The table
//
// joinery_seeds is made by the first run, as migrate makes its history, so that
// a seed needs nothing but a database. It is looked for before: an app whose
// role may not make tables has it made by a migration with the statements of
// [DDL]. On MariaDB, where making a table ends a transaction, a run inside a
// transaction of the caller's needs it to be there.
//
// # Sharing
//
// A [Seeder] and a [Seed] are immutable and safe for concurrent use.
package seed
