// Package permtest is the reference model.
package permtest
