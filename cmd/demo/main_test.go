package main

import (
	"os"
	"testing"

	"github.com/joinery-go/joinery/internal/testdb"
)

// asProgram, in the environment, makes the test binary the demo itself, for
// tests that need a process of its own.
const asProgram = "JOINERY_DEMO_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	testdb.Run(m)
}
