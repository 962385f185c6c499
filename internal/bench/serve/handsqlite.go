package serve

import (
	"context"
	"errors"
)

func handSQLite(ctx context.Context, c Config) (*Running, error) {
	return nil, errors.New("not yet")
}
