// Package strictjson reads JSON that somebody else wrote. Where encoding/json
// guesses, it refuses, and tells every problem at once, each with its JSON
// pointer (RFC 6901) and what would be right:
//
//   - an unknown field, and one whose name differs in case only
//   - a name that occurs twice in an object
//   - a value of the wrong type, null where the Go type has no null
//   - a number that the Go type cannot hold
//   - text that is not UTF-8, half of a surrogate pair, the character U+0000,
//     which databases do not store
//   - anything after the value
//   - objects and arrays nested too deep, arrays and objects too long
//
// [Decode] fills a Go value, for which it accepts nothing that encoding/json
// does not accept, with the same result. [Parse] gives the bare tree, for
// input whose shape is not a struct.
package strictjson
