package pgdb_test

import (
	"database/sql/driver"

	"github.com/google/uuid"
)

type ref[T any] uuid.UUID

func (r ref[T]) Value() (driver.Value, error) { return uuid.UUID(r).Value() }
func (r *ref[T]) Scan(src any) error          { return (*uuid.UUID)(r).Scan(src) }
