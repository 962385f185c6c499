// Package tools is a module of its own that pins the versions of the programs
// "make lint" and "make release-check" run, so that they do not appear among
// the dependencies of those who import Joinery.
package tools
