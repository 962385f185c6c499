package registry

// String is the visibility as the tag api names it; "readwrite" without one.
func (v Visibility) String() string {
	names := [...]string{ReadWrite: "readwrite", ReadOnly: "readonly", WriteOnly: "writeonly", Hidden: "hidden"}
	if int(v) < len(names) {
		return names[v]
	}
	return "invalid"
}

// String is what the tag ref names it.
func (d OnDelete) String() string {
	names := [...]string{Restrict: "restrict", Cascade: "cascade", SetNull: "setnull"}
	if int(d) < len(names) {
		return names[d]
	}
	return "invalid"
}
