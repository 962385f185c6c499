package idemstore

import (
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// maxText is how long a key or request may be.
const maxText = 100

// IdempotencyKey is the row of one key: claimed, or with its answer. It is for
// the store alone; nobody but System and Root may see it.
type IdempotencyKey struct {
	ID        uuid.UUID `json:"id" api:"readonly" doc:"Identifier."`
	Key       string    `json:"-" db:"key_text" api:"hidden" validate:"required,max=100" unique:"true,global" doc:"The key, unique over callers and routes."`
	Request   string    `json:"-" db:"request" api:"hidden" validate:"required,max=100" doc:"What was asked, as a hash."`
	Holder    uuid.UUID `json:"-" db:"holder" api:"hidden" doc:"The claim that holds the key."`
	HeldUntil time.Time `json:"-" db:"held_until" api:"hidden" doc:"When the claim may be taken over, where there is no answer."`
	ExpiresAt time.Time `json:"expires_at" api:"readonly" index:"true" doc:"When the key is forgotten."`
	Answer    *[]byte   `json:"-" db:"answer" api:"hidden" doc:"What was answered; null: nothing yet."`
}

// Table names the table.
func (IdempotencyKey) Table() registry.Table {
	return registry.Table{
		Name:    "idempotency_keys",
		Comment: "Keys of writes, with the answers that a repeated write gets.",
		Policy:  registry.Policy{Private: true},
	}
}
