package permtest

import (
	"strings"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// ID is the id that spells the name: its first 16 bytes are the UUID's. So a
// world is written, and printed when it fails, with names such as "ann" and
// "note3". The empty name is the nil id, which stands for null.
func ID(name string) uuid.UUID {
	var id uuid.UUID
	copy(id[:], name)
	return id
}

// Name is the name that [ID] made the id of, "null" for the nil id, and the
// usual form for ids that spell nothing.
func Name(id uuid.UUID) string {
	if id == null {
		return "null"
	}
	switch ids := joinery.WellKnownIDs(); id {
	case ids.Root:
		return "Root"
	case ids.System:
		return "System"
	case ids.Template:
		return "Template"
	}
	name := strings.TrimRight(string(id[:]), "\x00")
	for _, r := range name {
		if r <= ' ' || r > '~' {
			return id.String()
		}
	}
	return name
}

// null is the nil id, which the worlds write for a null reference.
var null uuid.UUID
