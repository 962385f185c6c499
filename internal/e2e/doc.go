// Package e2e holds the tests of the whole: requests over HTTP to rest, over
// crud, over perm, over real databases. It has no code of its own; see
// CONTRIBUTING.md for the variables that make its runs longer.
//
//   - The access matrix of perm/permtest through the routes of a resource.
//   - In random worlds every route tells an actor the same of a row.
//   - What is hidden answers like what is missing, byte by byte.
//   - Writers that compete for one row, by version.
//   - Servers that are killed, or told to end, in the middle of writes.
//   - Pools of a single connection.
package e2e
