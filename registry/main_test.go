package registry_test

import (
	"testing"

	"github.com/joinery-go/joinery/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }
