// Package joinery holds the words that every package of the toolkit shares:
// error kinds, who is acting, and whether a request has written.
//
// Joinery is a set of small packages for API servers. Describe an entity once
// as a Go struct; from it come the table, the permission-filtered queries, the
// REST resource with its OpenAPI document, and the tests. Adopt one package or
// all of them:
//
//   - [github.com/joinery-go/joinery/hook]: typed before, after and committed
//     hooks on any operation
//   - [github.com/joinery-go/joinery/logx]: slog with more levels, attributes
//     from the context, redaction
//   - [github.com/joinery-go/joinery/registry]: entity structs described once
//   - [github.com/joinery-go/joinery/crud/query]: filter, sort, page, include
//   - [github.com/joinery-go/joinery/crud/sqldb]: one small database contract,
//     transactions in the context, error classes
//   - [github.com/joinery-go/joinery/crud/sqldb/pgdb],
//     [github.com/joinery-go/joinery/crud/sqldb/sqlitedb],
//     [github.com/joinery-go/joinery/crud/sqldb/mariadb]: its backends, and
//     [github.com/joinery-go/joinery/crud/sqldb/anydb] to choose one by URL
//   - [github.com/joinery-go/joinery/crud]: typed, permission-filtered managers
//   - [github.com/joinery-go/joinery/crud/idemstore]: writes that are sent twice
//     and happen once
//   - [github.com/joinery-go/joinery/perm]: roles, nested teams and grants,
//     compiled to SQL
//   - [github.com/joinery-go/joinery/perm/teams]: managers for teams, roles,
//     memberships and grants
//   - [github.com/joinery-go/joinery/migrate]: schemas over time, written from
//     the registry or by hand
//   - [github.com/joinery-go/joinery/seed]: rows that an app begins with
//   - [github.com/joinery-go/joinery/rest]: managers as HTTP resources with
//     OpenAPI 3.1
//   - [github.com/joinery-go/joinery/crud/crudtest],
//     [github.com/joinery-go/joinery/rest/resttest],
//     [github.com/joinery-go/joinery/perm/permtest]: suites for your entities
//
// The README of the module leads through all of them. Nothing is generated into
// an app's tree, nothing is global, and nothing starts by being imported.
//
// # Who is acting
//
// Every operation that is guarded by permissions asks its context who acts:
//
//	ctx = joinery.WithActor(ctx, joinery.Actor{ID: userID, Kind: joinery.User})
//
// A context without an actor is an error of kind [Unauthenticated], never a
// default. Code of the process itself (a seeder, a background service) acts as
// [SystemActor].
//
// # Reading what was written
//
// Where a database has a read replica, the reads of a context made by
// [TrackWrites] go to the primary as soon as something was written in it.
//
// # Errors
//
// Errors that a caller can act on are [*Error] values: a [Kind] for the
// transport, a stable code for machines, a message that is safe to show, and
// for [Invalid] and [Malformed] the fields concerned. [KindOf] finds the kind
// of any error; one it does not know is [Internal], whose text never leaves
// the process.
package joinery
