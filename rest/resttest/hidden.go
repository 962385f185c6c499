package resttest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/joinery-go/joinery/rest"
)

// hidden asks as the stranger, by every route of one row, for a row that is
// hidden and for one that does not exist: the answers must be the same, byte
// for byte, and nothing written.
func (s *suite[T, C, U]) hidden() {
	stranger := s.stranger()
	r := s.create(1)
	for _, op := range operations() {
		if !s.can(op) || !strings.Contains(routes[op].suffix, ":id") && op != rest.UpdateMany && op != rest.DeleteMany {
			continue
		}
		for _, match := range []string{"", `"1"`, "*"} {
			was := s.askFor(stranger.With("If-Match", match), op, r)
			want := s.askFor(stranger.With("If-Match", match), op, row{id: missingID, version: r.version})
			if was.Code() < 400 {
				was.fail("the stranger must be refused")
			}
			if got, want := neutral(was, r.id), neutral(want, missingID); got != want {
				was.fail("for a hidden row the answer is\n%s\nand for one that does not exist\n%s", got, want)
			}
		}
	}
	if s.can(rest.Get) {
		s.same(r, "after what the stranger did")
	}
}

func (s *suite[T, C, U]) stranger() *API {
	if s.Stranger == nil {
		s.t.Skip("Resource.Stranger is nobody")
	}
	return s.API.As(s.Stranger).With("X-Request-Id", "the-same-for-all")
}

// neutral is an answer whole, but for the id that was asked for and the time.
func neutral(a *Answer, id string) string {
	var b strings.Builder
	fmt.Fprintln(&b, a.Code())
	for _, name := range slices.Sorted(maps.Keys(a.Headers())) {
		if name != "Date" {
			fmt.Fprintln(&b, name, a.Headers()[name])
		}
	}
	b.Write(a.Body())
	return strings.ReplaceAll(b.String(), id, "ID")
}
