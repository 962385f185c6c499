package permtest

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// ID is the id that spells the name: the name's bytes are the UUID's. So a
// world is written, and printed when it fails, with names such as "ann" and
// "note3". Of a name longer than 16 bytes the id spells both ends with a hash
// of the whole between them, so that names with the same beginning differ too.
// The empty name is the nil id, which stands for null.
func ID(name string) uuid.UUID {
	var id uuid.UUID
	copy(id[:], short(name))
	return id
}

// short is the name in 16 bytes: "invo~k3f9a2~s-12" for one that is longer.
func short(name string) string {
	if len(name) <= len(uuid.UUID{}) {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	hash := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:4]))
	return name[:4] + "~" + hash[:6] + "~" + name[len(name)-4:]
}

// Name is the name that [ID] made the id of (of a long one, what the id
// spells), "null" for the nil id, and the usual form for ids that spell
// nothing.
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
