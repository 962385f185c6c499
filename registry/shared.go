package registry

// Shared is the value kept in the registry under key, made by make at the
// first call. Packages that attach state to a registry's models keep it here,
// under a key type of their own, so that two registries share nothing. It is
// safe for concurrent use, also after Validate; make must not call Shared.
func (r *Registry) Shared(key any, make func() any) any {
	r.sharedMu.Lock()
	defer r.sharedMu.Unlock()
	if v, ok := r.shared[key]; ok {
		return v
	}
	if r.shared == nil {
		r.shared = map[any]any{}
	}
	v := make()
	r.shared[key] = v
	return v
}
