package perm_test

import (
	"testing"

	"github.com/joinery-go/joinery/perm"
)

// What a request pays for its condition once the text is known: the values.
func BenchmarkFilter(b *testing.B) {
	w := newWorld(b, openSQLite(b))
	ctx := w.as(newID())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.e.Filter(ctx, w.model("notes"), perm.Edit, "n"); err != nil {
			b.Fatal(err)
		}
	}
}
