package validate

import (
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"
)

// describe is the stable code of a failed rule and a sentence that says what
// would be right.
func describe(p validator.FieldError) (code, message string) {
	tag, param := p.Tag(), p.Param()
	switch tag {
	case "required", "required_if", "required_unless", "required_with", "required_without":
		return "required", "is required"
	case "max", "lte":
		return atMost(p)
	case "min", "gte":
		return atLeast(p)
	case "lt":
		return "too_large", "must be less than " + param
	case "gt":
		return "too_small", "must be more than " + param
	case "len":
		return "wrong_length", "must have a length of " + param
	case "oneof":
		return "not_one_of", "must be one of " + strings.Join(strings.Fields(param), ", ")
	case "email":
		return "not_an_email", "must be an e-mail address, as ann@example.com"
	case "url", "uri", "http_url":
		return "not_a_url", "must be an address, as https://example.com/page"
	case "uuid", "uuid4", "uuid_rfc4122":
		return "not_a_uuid", "must be a UUID"
	case "eqfield", "nefield", "gtfield", "gtefield", "ltfield", "ltefield":
		return tag, "must be " + comparisons(tag) + " " + param
	}
	if param != "" {
		return tag, "must satisfy " + tag + "=" + param
	}
	return tag, "must satisfy " + tag
}

func comparisons(tag string) string {
	switch tag {
	case "eqfield":
		return "the same as"
	case "nefield":
		return "different from"
	case "gtfield":
		return "more than"
	case "gtefield":
		return "at least"
	case "ltfield":
		return "less than"
	}
	return "at most"
}

func atMost(p validator.FieldError) (code, message string) {
	if unit := unitOf(p.Kind()); unit != "" {
		return "too_long", "must have at most " + p.Param() + unit
	}
	return "too_large", "must be at most " + p.Param()
}

func atLeast(p validator.FieldError) (code, message string) {
	if unit := unitOf(p.Kind()); unit != "" {
		return "too_short", "must have at least " + p.Param() + unit
	}
	return "too_small", "must be at least " + p.Param()
}

// unitOf is what a length counts, empty for numbers.
func unitOf(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return " characters"
	case reflect.Slice, reflect.Map, reflect.Array:
		return " items"
	}
	return ""
}
