package resttest

import "testing"

// RunOne runs one part of the battery for the test of a test.
func RunOne[T, C, U any](t testing.TB, c Case[T, C, U], name string) {
	for _, one := range battery[T, C, U]() {
		if one.name == name {
			one.run(c.suite(t))
			return
		}
	}
	panic("no test " + name)
}
