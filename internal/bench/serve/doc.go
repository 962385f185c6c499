// Package serve holds the servers that are measured against each other. Each
// answers the same requests from the same rows, in a process of its own:
//
//	hand            httprouter, pgx and the union of arms written by hand: the practical limit
//	open            hand without any permission filter on reads
//	or              hand with the obvious filter: owner OR team IN (…) OR EXISTS (grant)
//	gorm            gin and GORM with the obvious filter
//	pocketbase      PocketBase, embedded, with an equivalent rule, on SQLite
//	joinery         rest.Mount over crud and perm
//	joinery-sqlite  the same on SQLite
//	hand-sqlite     modernc.org/sqlite and the union of arms written by hand
//
// The bearer token is the user's id. No server writes a log of its requests.
package serve
