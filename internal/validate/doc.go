// Package validate checks structs by their validate tags, with
// go-playground/validator, and says of every field at fault where it is, as a
// JSON pointer, and what would be right.
//
// A field that may be absent or null implements ValidatorValue, as query.Opt
// does: a present value is judged whatever it is, also the zero value under
// omitempty; an absent or null one is nil, which only required refuses.
package validate
