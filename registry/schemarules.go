package registry

import (
	"maps"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// constrain adds what validate rules say of a value to its schema, as far as
// JSON Schema can say it. Behind a pointer rules are judged by the value;
// otherwise omitempty lets the empty value pass whatever they say.
func constrain(s Schema, rules []rule, pointer bool) {
	rest := Schema{}
	switch typ, _ := s["type"].(string); typ {
	case "string":
		if s["format"] != nil {
			return // an id, a time or bytes: lengths and words say nothing of their text
		}
		constrainString(rest, rules)
		enum(rest, rules, func(v string) (any, error) { return v, nil })
	case "integer", "number":
		constrainNumber(s, rest, rules)
		enum(rest, rules, func(v string) (any, error) {
			if typ == "integer" {
				return strconv.ParseInt(v, 10, 64)
			}
			return strconv.ParseFloat(v, 64)
		})
	case "array":
		constrainLength(rest, rules, "minItems", "maxItems")
		if hasRule(rules, "unique") {
			rest["uniqueItems"] = true
		}
	case "object":
		constrainLength(rest, rules, "minProperties", "maxProperties")
	}
	if !pointer && hasRule(rules, "omitempty") {
		rest = orEmpty(s["type"], rest)
	}
	maps.Copy(s, rest)
}

// orEmpty is rest, or the empty value of the type.
func orEmpty(typ any, rest Schema) Schema {
	empty := map[any]any{"string": "", "integer": int64(0), "number": 0.0}[typ]
	if empty == nil {
		delete(rest, "minItems")
		delete(rest, "minProperties")
		return rest
	}
	if values, ok := rest["enum"].([]any); ok {
		for _, v := range values {
			if v == empty {
				return rest
			}
		}
		rest["enum"] = append(values, empty)
		return rest
	}
	// Only what the empty value breaks goes into the alternative.
	strict := Schema{}
	for _, key := range []string{"minLength", "format", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "const"} {
		if v, ok := rest[key]; ok {
			strict[key] = v
			delete(rest, key)
		}
	}
	if len(strict) > 0 {
		rest["anyOf"] = []any{Schema{"const": empty}, strict}
	}
	return rest
}

func constrainString(s Schema, rules []rule) {
	constrainLength(s, rules, "minLength", "maxLength")
	if least, _ := s["minLength"].(int64); least < 1 && hasRule(rules, "required") {
		s["minLength"] = int64(1)
	}
	for _, r := range rules {
		if format, ok := formatOf[r.name]; ok {
			s["format"] = format
		}
		if pattern := patternOf(r); pattern != "" {
			s["pattern"] = pattern
		}
		if r.name == "eq" {
			s["const"] = r.param
		}
	}
}

// formatOf is the format that a validate rule stands for.
var formatOf = map[string]string{
	"email": "email", "url": "uri", "uri": "uri", "http_url": "uri", "uuid": "uuid", "uuid4": "uuid", "uuid7": "uuid",
	"uuid_rfc4122": "uuid", "hostname": "hostname", "hostname_rfc1123": "hostname", "ipv4": "ipv4", "ip4_addr": "ipv4", "ipv6": "ipv6", "ip6_addr": "ipv6",
}

func patternOf(r rule) string {
	switch r.name {
	case "alpha":
		return "^[a-zA-Z]+$"
	case "alphanum":
		return "^[a-zA-Z0-9]+$"
	case "number":
		return "^[0-9]+$"
	case "numeric":
		return `^[-+]?[0-9]+(\.[0-9]+)?$`
	case "hexcolor":
		return "^#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$"
	case "e164":
		return `^\+[1-9][0-9]{6,14}$`
	case "startswith":
		return "^" + regexp.QuoteMeta(r.param)
	case "endswith":
		return regexp.QuoteMeta(r.param) + "$"
	case "contains":
		return regexp.QuoteMeta(r.param)
	}
	return ""
}

// constrainLength reads the bounds of a length, which are whole numbers.
func constrainLength(s Schema, rules []rule, least, most string) {
	b := boundsOf(rules)
	if b.min != nil && *b.min >= 0 && *b.min < math.MaxInt32 {
		n := int64(math.Ceil(*b.min))
		if b.minExcl && float64(n) == *b.min {
			n++
		}
		s[least] = n
	}
	if b.max != nil && *b.max >= 0 && *b.max < math.MaxInt32 {
		n := int64(math.Floor(*b.max))
		if b.maxEx && float64(n) == *b.max {
			n--
		}
		s[most] = max(n, 0)
	}
}

// constrainNumber narrows the limits that the type itself has set in old.
func constrainNumber(old, s Schema, rules []rule) {
	b := boundsOf(rules)
	number := func(n float64) any {
		if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
			return int64(n)
		}
		return n
	}
	if low, ok := old["minimum"].(int64); b.min != nil && (!ok || *b.min >= float64(low)) {
		delete(old, "minimum")
		s[map[bool]string{false: "minimum", true: "exclusiveMinimum"}[b.minExcl]] = number(*b.min)
	}
	if high, ok := old["maximum"].(int64); b.max != nil && (!ok || *b.max <= float64(high)) {
		delete(old, "maximum")
		s[map[bool]string{false: "maximum", true: "exclusiveMaximum"}[b.maxEx]] = number(*b.max)
	}
}

func enum(s Schema, rules []rule, read func(string) (any, error)) {
	param, ok := lastParam(rules, "oneof")
	if !ok {
		return
	}
	var values []any
	for _, text := range oneOf(param) {
		if v, err := read(text); err == nil {
			values = append(values, v)
		}
	}
	s["enum"] = values
}

// lastParam is the value of the named rule, the form's own where both column
// and form have it: it can only be narrower.
func lastParam(rules []rule, name string) (param string, ok bool) {
	for _, r := range rules {
		if r.name == name {
			param, ok = r.param, true
		}
	}
	return param, ok
}

// constrainItems adds the rules behind dive to the items of a list.
func constrainItems(s Schema, validate string) {
	items, ok := s["items"].(Schema)
	_, inner, dives := strings.Cut(","+validate, ",dive,")
	if !ok || !dives || items["$ref"] != nil {
		return
	}
	if rules, err := parseRules(inner); err == nil {
		constrain(items, rules, false)
	}
}
