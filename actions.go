package joinery

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Actions is a set of the six things one may do to a row. The bits are
// independent: none implies another. The zero value is the empty set. It is
// stored as an integer and written in JSON as a list of names,
// ["view", "edit"].
type Actions uint8

// The six actions.
const (
	View Actions = 1 << iota
	Execute
	Copy
	Edit
	Delete
	Share
)

// NoActions is the empty set, AllActions the set of all six.
const (
	NoActions  Actions = 0
	AllActions         = View | Execute | Copy | Edit | Delete | Share
)

var actionNames = [...]string{"view", "execute", "copy", "edit", "delete", "share"}

// Has reports whether the set contains all of b. Every set contains the empty
// one.
func (a Actions) Has(b Actions) bool { return a&b == b }

// Each is the set's members, one bit each, from View to Share.
func (a Actions) Each() []Actions {
	var bits []Actions
	for i := range actionNames {
		if bit := Actions(1 << i); a&bit != 0 {
			bits = append(bits, bit)
		}
	}
	return bits
}

// Names is the set's members by name, from "view" to "share"; never nil.
func (a Actions) Names() []string {
	names := []string{}
	for i, name := range actionNames {
		if a&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// String is the names joined by "|", or "none".
func (a Actions) String() string {
	if a&AllActions == 0 {
		return "none"
	}
	return strings.Join(a.Names(), "|")
}

// ParseActions is the set with the given names. An unknown name is an error
// that lists the known ones.
func ParseActions(names ...string) (Actions, error) {
	var a Actions
next:
	for _, name := range names {
		for i, known := range actionNames {
			if name == known {
				a |= 1 << i
				continue next
			}
		}
		return 0, fmt.Errorf("unknown action %q: use %s", name, strings.Join(actionNames[:], ", "))
	}
	return a, nil
}

// MarshalJSON writes the set as a list of names.
func (a Actions) MarshalJSON() ([]byte, error) { return json.Marshal(a.Names()) }

// UnmarshalJSON reads a list of names; an unknown one is an error.
func (a *Actions) UnmarshalJSON(data []byte) error {
	var names []string
	if err := json.Unmarshal(data, &names); err != nil {
		return fmt.Errorf("actions are a list of names, as [\"view\", \"edit\"]: %w", err)
	}
	set, err := ParseActions(names...)
	if err == nil {
		*a = set
	}
	return err
}
