// Package archtest holds the tests that keep the architecture: which package
// may import which, what each links, what it exports and that all of it is
// documented. It has no code of its own.
//
// The import table in table_test.go is the contract. A package that needs a
// new import, or a new package, changes the table in the same commit, so that
// a reviewer sees the decision and its reason and not only its effect.
//
// The exported API of every importable package is a text file in the folder
// api, reviewed like code. After an intended change, write it anew:
//
//	go test ./internal/archtest -update
package archtest
