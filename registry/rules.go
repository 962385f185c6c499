package registry

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// rule is one rule of a validate tag: name=param. Alternatives joined by "|"
// are one rule whose name holds all of them.
type rule struct{ name, param string }

// parseRules splits a validate tag. Rules after dive belong to the elements of
// a slice or map and are not the column's.
func parseRules(tag string) ([]rule, error) {
	if tag == "" || tag == "-" {
		return nil, nil
	}
	var rules []rule
	for part := range strings.SplitSeq(tag, ",") {
		name, param, has := strings.Cut(part, "=")
		if strings.Contains(part, "|") {
			name, param = part, ""
		}
		switch {
		case name == "" || name != strings.TrimSpace(name):
			return nil, fmt.Errorf("has an empty or padded rule in validate:%q", tag)
		case has && param == "" && name != "eq" && name != "ne":
			return nil, fmt.Errorf("has rule %q without its value in validate:%q", name, tag)
		case name == "dive":
			return rules, nil
		}
		rules = append(rules, rule{name, unescapeRule.Replace(param)})
	}
	return rules, checkRules(rules)
}

// unescapeRule undoes how validate tags write a comma and a bar in a value.
var unescapeRule = strings.NewReplacer("0x2C", ",", "0x7C", "|")

func checkRules(rules []rule) error {
	for _, r := range rules {
		if r.name == "oneof" && len(oneOf(r.param)) == 0 {
			return fmt.Errorf("has a validate rule oneof without values")
		}
		if r.name == "min" || r.name == "max" || r.name == "len" {
			if _, err := strconv.ParseFloat(r.param, 64); err != nil {
				return fmt.Errorf("has a validate rule %s with %q, which is no number", r.name, r.param)
			}
		}
	}
	return nil
}

// ruleParam is the value of the named rule.
func ruleParam(rules []rule, name string) (string, bool) {
	for _, r := range rules {
		if r.name == name {
			return r.param, true
		}
	}
	return "", false
}

func hasRule(rules []rule, name string) bool {
	_, ok := ruleParam(rules, name)
	return ok
}

var oneOfWords = regexp.MustCompile(`'[^']*'|\S+`)

// oneOf is the values of a oneof rule: words, or 'quoted text'.
func oneOf(param string) []string {
	values := oneOfWords.FindAllString(param, -1)
	for i, v := range values {
		values[i] = strings.ReplaceAll(v, "'", "")
	}
	return values
}

// bounds are the limits that rules set to a number or a length. NaN-free: a
// missing limit is nil.
type bounds struct {
	min, max       *float64
	minExcl, maxEx bool
}

// boundsOf reads min, max, len, gte, lte, gt and lt; the narrowest of each wins.
func boundsOf(rules []rule) bounds {
	var b bounds
	for _, r := range rules {
		n, err := strconv.ParseFloat(r.param, 64)
		if err != nil {
			continue
		}
		switch r.name {
		case "min", "gte":
			b.atLeast(n, false)
		case "gt":
			b.atLeast(n, true)
		case "max", "lte":
			b.atMost(n, false)
		case "lt":
			b.atMost(n, true)
		case "len":
			b.atLeast(n, false)
			b.atMost(n, false)
		}
	}
	return b
}

func (b *bounds) atLeast(n float64, excl bool) {
	if b.min == nil || n > *b.min || n == *b.min && excl {
		b.min, b.minExcl = &n, excl
	}
}

func (b *bounds) atMost(n float64, excl bool) {
	if b.max == nil || n < *b.max || n == *b.max && excl {
		b.max, b.maxEx = &n, excl
	}
}

// loosens says how rules of an input would allow what the column's do not, as
// far as that can be told; empty where they do not.
func loosens(column, input []rule) string {
	c, f := boundsOf(column), boundsOf(input)
	if c.max != nil && f.max != nil && *f.max > *c.max {
		return fmt.Sprintf("allows up to %v where the column allows %v", *f.max, *c.max)
	}
	if c.min != nil && f.min != nil && *f.min < *c.min {
		return fmt.Sprintf("allows from %v where the column allows from %v", *f.min, *c.min)
	}
	allowed, limited := ruleParam(column, "oneof")
	wanted, has := ruleParam(input, "oneof")
	if !limited || !has {
		return ""
	}
	known := map[string]bool{}
	for _, v := range oneOf(allowed) {
		known[v] = true
	}
	for _, v := range oneOf(wanted) {
		if !known[v] {
			return fmt.Sprintf("allows %q, which the column does not", v)
		}
	}
	return ""
}
