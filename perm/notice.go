package perm

import (
	"context"
	"log/slog"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// notice tells the log, once for each model that somebody reads, which of its
// indexes the database lacks; those of the tables of the rules, which every
// condition reads, it tells with the first one. It fails nobody: a catalog that
// cannot be read is no reason not to answer. In a transaction, which a failing
// statement could end, it leaves the matter to a later call.
func (e *Engine) notice(ctx context.Context, m *registry.Model) {
	if _, done := e.noticed.Load(m); done || sqldb.InTransaction(ctx, e.db) {
		return
	}
	models := e.unnoticed(m, e.bound.teams, e.bound.roles, e.bound.memberships, e.bound.grants)
	err := e.warnOfMissing(ctx, models)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		for _, m := range models {
			e.noticed.Delete(m) // next time, then
		}
	default:
		e.options.Log.LogAttrs(ctx, slog.LevelDebug, "perm: the indexes cannot be looked up", slog.String("error", err.Error()))
	}
}

// unnoticed are those of the models that no call has taken care of before this
// one, which now does.
func (e *Engine) unnoticed(models ...*registry.Model) (mine []*registry.Model) {
	for _, m := range models {
		if _, done := e.noticed.LoadOrStore(m, true); !done {
			mine = append(mine, m)
		}
	}
	return mine
}

// warnOfMissing logs a warning for each index that one of the models lacks.
// Of a table that does not fit its model at all, the statements themselves
// tell.
func (e *Engine) warnOfMissing(ctx context.Context, models []*registry.Model) error {
	tables, err := e.catalog(ctx, models)
	if err != nil {
		return err
	}
	for _, m := range models {
		one := []*registry.Model{m}
		if fits(one, tables) != nil {
			continue
		}
		missing, err := e.missing(one, tables)
		if err != nil {
			return err
		}
		if len(missing) > 0 {
			e.warn(ctx, m, missing)
		}
	}
	return nil
}

func (e *Engine) warn(ctx context.Context, m *registry.Model, missing []MissingIndex) {
	for _, i := range missing {
		e.options.Log.LogAttrs(ctx, slog.LevelWarn, "perm: the database lacks an index, without which lists become slow as tables grow",
			slog.String("table", m.Table), slog.String("columns", strings.Join(i.Columns, ", ")), slog.String("create", i.Statement+";"))
	}
}
