// Package registry reads entity structs once and tells every other package
// what they are: tables, columns, relations, policies, input forms.
package registry
