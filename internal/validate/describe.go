package validate

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/go-playground/validator/v10"
)

// describe is the stable code of a broken rule and what would be right. Rules
// that name other fields do so by their JSON name, which siblings knows.
func describe(p validator.FieldError, siblings reflect.Type) (code, message string) {
	tag, param := p.Tag(), p.Param()
	if strings.Contains(tag, "|") {
		return "not_valid", "must be " + alternatives(tag)
	}
	if form, ok := forms[tag]; ok {
		return form.code, "must be " + form.right
	}
	switch tag {
	case "required":
		return "required", "is required"
	case "max", "lte":
		return bound(p, "too_long", "too_large", "at most ")
	case "min", "gte":
		return bound(p, "too_short", "too_small", "at least ")
	case "lt":
		return bound(p, "too_long", "too_large", "less than ")
	case "gt":
		return bound(p, "too_short", "too_small", "more than ")
	case "len":
		return bound(p, "wrong_length", "wrong_value", "exactly ")
	case "eq", "eq_ignore_case":
		return "wrong_value", "must be " + param
	case "ne", "ne_ignore_case":
		return "wrong_value", "must not be " + param
	case "oneof", "oneofci":
		return "not_one_of", "must be one of " + members(param)
	case "noneof", "noneofci":
		return "not_allowed", "must be none of " + members(param)
	case "unique":
		return "not_unique", "must not have the same item twice"
	}
	if code, message, ok := describeText(tag, param); ok {
		return code, message
	}
	if code, message, ok := describeFields(tag, param, siblings); ok {
		return code, message
	}
	return "not_valid", strings.TrimSuffix("does not satisfy the rule "+tag+"="+param, "=")
}

// bound describes a limit, of a length or of a number.
func bound(p validator.FieldError, length, size, words string) (code, message string) {
	switch p.Kind() {
	case reflect.String:
		return length, "must have " + words + counted(p.Param(), "character")
	case reflect.Slice, reflect.Map, reflect.Array:
		return length, "must have " + words + counted(p.Param(), "item")
	case reflect.Struct: // a time, of which the rule knows only now
		return size, "must be " + words + "now"
	}
	return size, "must be " + words + p.Param()
}

func counted(n, unit string) string {
	if n == "1" {
		return n + " " + unit
	}
	return n + " " + unit + "s"
}

var words = regexp.MustCompile(`'[^']*'|\S+`)

// members are the values of a oneof rule: words, or 'quoted text'.
func members(param string) string {
	list := words.FindAllString(param, -1)
	for i := range list {
		list[i] = strings.ReplaceAll(list[i], "'", "")
	}
	return strings.Join(list, ", ")
}

// alternatives describes rules of which one must hold.
func alternatives(tag string) string {
	var list []string
	for rule := range strings.SplitSeq(tag, "|") {
		if form, ok := forms[rule]; ok {
			rule = form.right
		}
		list = append(list, rule)
	}
	return strings.Join(list, ", or ")
}

func describeText(tag, param string) (code, message string, ok bool) {
	switch tag {
	case "startswith":
		message = "must start with " + param
	case "endswith":
		message = "must end with " + param
	case "startsnotwith":
		message = "must not start with " + param
	case "endsnotwith":
		message = "must not end with " + param
	case "contains", "containsrune":
		message = "must contain " + param
	case "containsany":
		message = "must contain one of the characters " + param
	case "excludes", "excludesrune":
		message = "must not contain " + param
	case "excludesall":
		message = "must not contain any of the characters " + param
	case "datetime":
		message = "must be a time written as " + param
	default:
		return "", "", false
	}
	return "wrong_form", message, true
}

// describeFields describes the rules that look at other fields.
func describeFields(tag, param string, siblings reflect.Type) (code, message string, ok bool) {
	others := strings.Fields(param)
	for i, name := range others {
		others[i] = nameOf(name, siblings)
	}
	list := strings.Join(others, ", ")
	if relation, ok := comparisons[tag]; ok {
		return "mismatch", "must be " + relation + " " + list, true
	}
	switch rule, condition, _ := strings.Cut(tag, "_"); {
	case rule == "required":
		return "required", "is required" + conditions(condition, list), true
	case rule == "excluded":
		return "not_allowed", "must be left out" + conditions(condition, list), true
	}
	return "", "", false
}

var comparisons = map[string]string{
	"eqfield": "the same as", "eqcsfield": "the same as",
	"nefield": "different from", "necsfield": "different from",
	"gtfield": "more than", "gtcsfield": "more than",
	"gtefield": "at least", "gtecsfield": "at least",
	"ltfield": "less than", "ltcsfield": "less than",
	"ltefield": "at most", "ltecsfield": "at most",
	"fieldcontains": "a text that contains", "fieldexcludes": "a text without",
}

// conditions says when a required_… or excluded_… rule holds.
func conditions(condition, others string) string {
	switch condition {
	case "if":
		return " where " + equals(others, " and ")
	case "unless":
		return " unless " + equals(others, " or ")
	case "with":
		return " together with " + others
	case "with_all":
		return " together with all of " + others
	case "without":
		return " without " + others
	case "without_all":
		return " without all of " + others
	}
	return ""
}

// equals turns "status, done, priority, 3" into "status is done", and,
// "priority is 3".
func equals(pairs, and string) string {
	list := strings.Split(pairs, ", ")
	var parts []string
	for i := 0; i+1 < len(list); i += 2 {
		parts = append(parts, list[i]+" is "+list[i+1])
	}
	return strings.Join(parts, and)
}

// nameOf is the JSON name of the field with a Go name, or the name as it is.
func nameOf(name string, siblings reflect.Type) string {
	if siblings == nil {
		return name
	}
	if f, ok := siblings.FieldByName(name); ok {
		name, _ = jsonName(f)
	}
	return name
}
