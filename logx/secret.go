package logx

import (
	"fmt"
	"io"
	"log/slog"
)

// Redacted is what stands in the place of a hidden value.
const Redacted = "[REDACTED]"

// Secret is a string that shows [Redacted] wherever it is printed: by every
// verb of fmt, in JSON, as text and in slog, empty or not. Only [Secret.Reveal]
// gives the value. It can be read from JSON and from configuration like a
// string; written back it is redacted, so it does not belong in an answer that
// is to carry the value.
//
// Two places show it raw, because no method is called there: an unexported
// field printed by fmt, and the key of a map in JSON. Use neither.
type Secret string

// Reveal gives the value itself.
func (s Secret) Reveal() string { return string(s) }

// String gives [Redacted].
func (Secret) String() string { return Redacted }

// GoString gives [Redacted].
func (Secret) GoString() string { return Redacted }

// Format writes [Redacted] for every verb and flag.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// MarshalText gives [Redacted].
func (Secret) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalJSON gives [Redacted] as a JSON string.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + Redacted + `"`), nil }

// LogValue gives [Redacted].
func (Secret) LogValue() slog.Value { return slog.StringValue(Redacted) }
