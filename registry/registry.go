package registry

import "sync"

// Registry is a set of models that may refer to each other. Make one with
// [New], fill it with [Add], then [Registry.Validate] freezes it. Two
// registries share nothing. Adding is not safe for concurrent use; a validated
// registry is.
type Registry struct {
	models []*Model

	sharedMu sync.Mutex
	shared   map[any]any // see Shared
}
