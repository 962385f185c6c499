// Package interference tests that nobody learns anything of rows they may not
// see: two databases that differ only in such rows give the same answers, byte
// for byte, to whatever is asked of them.
package interference
