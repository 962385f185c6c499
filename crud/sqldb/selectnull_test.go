package sqldb_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// TestSelectNullIntoPlainField: a null without a place is told with its column
// and field, and with what would take it.
func TestSelectNullIntoPlainField(t *testing.T) {
	t.Parallel()
	type inner struct {
		Size int `json:"size"`
	}
	type number struct{ Total int }
	type text struct{ Title string }
	type moment struct{ Due time.Time }
	type ident struct{ Owner uuid.UUID }
	type nested struct{ Of inner }
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		null := func(of, column string) sqldb.Sqlizer {
			return sqldb.Raw("SELECT CAST(NULL AS " + of + `) AS "` + column + `"`)
		}
		for column, selects := range map[string]func() error{
			"total": func() error {
				_, err := sqldb.Select[number](t.Context(), db, null("bigint", "total"))
				return err
			},
			"title": func() error {
				_, err := sqldb.Select[text](t.Context(), db, null("text", "title"))
				return err
			},
			"due": func() error {
				_, err := sqldb.Select[moment](t.Context(), db, null("timestamp", "due"))
				return err
			},
			"owner": func() error {
				_, err := sqldb.Select[ident](t.Context(), db, null("uuid", "owner"))
				return err
			},
			"of.size": func() error {
				_, _, err := sqldb.Get[nested](t.Context(), db, null("integer", "of.size"))
				return err
			},
		} {
			t.Run(column, func(t *testing.T) {
				is := is.New(t)
				err := selects()
				is.True(err != nil)
				t.Log(err)
				for _, part := range []string{`column "` + column + `" is null`, "field", "pointer", "Opt"} {
					is.True(strings.Contains(err.Error(), part))
				}
			})
		}
	})
}
