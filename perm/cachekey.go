package perm

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/joinery-go/joinery"
)

// cacheKey is the actor as a key: all that it is, as fields that each follow
// their length, so that no two actors have the same. Reach depends on the id
// alone today; a key of the whole keeps that from mattering.
func cacheKey(a joinery.Actor) string {
	b := make([]byte, 0, 64)
	b = field(b, a.ID[:])
	b = field(b, []byte{byte(a.Kind)})
	if a.Scope == nil {
		return string(b)
	}
	b = binary.AppendUvarint(b, uint64(len(a.Scope)))
	for _, table := range slices.Sorted(maps.Keys(a.Scope)) {
		b = field(b, []byte(table))
		b = field(b, binary.AppendUvarint(nil, uint64(a.Scope[table])))
	}
	return string(b)
}

func field(b, value []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(value))), value...)
}
