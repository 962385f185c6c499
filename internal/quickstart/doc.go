// Command quickstart is the program that the README of the module prints, to
// be compiled and run by the tests.
package main
