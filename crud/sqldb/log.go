package sqldb

import (
	"context"
	"log/slog"
	"time"

	"github.com/joinery-go/joinery/logx"
)

type statementLog struct {
	logger *slog.Logger
	values bool
}

func (l statementLog) enabled(ctx context.Context) bool { return l.logger.Enabled(ctx, logx.LevelSQL) }

func (l statementLog) statement(c *call, e *Error) {
	attrs := make([]slog.Attr, 0, 6)
	attrs = append(attrs, slog.String("sql", c.stmt.SQL), slog.Duration("duration", time.Since(c.began)), slog.Int64("rows", c.rows))
	if l.values {
		attrs = append(attrs, slog.Any("values", c.stmt.Args))
	}
	if c.replica {
		attrs = append(attrs, slog.Bool("replica", true))
	}
	if e != nil {
		attrs = append(attrs, slog.String("error", e.Error()))
	}
	l.logger.LogAttrs(c.parent, logx.LevelSQL, "sql", attrs...)
}
