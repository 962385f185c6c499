package perm

import "github.com/joinery-go/joinery"

// Actions is [joinery.Actions], under perm's name.
type Actions = joinery.Actions

// The six actions, as package joinery declares them.
const (
	View    = joinery.View
	Execute = joinery.Execute
	Copy    = joinery.Copy
	Edit    = joinery.Edit
	Delete  = joinery.Delete
	Share   = joinery.Share
)
