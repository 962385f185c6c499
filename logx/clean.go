package logx

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
)

// cleaner redacts and encodes attributes for one target.
type cleaner struct {
	keys   keys
	target target
}

// text cleans a text of no known name.
func (c *cleaner) text(s string) string { return c.encode(c.keys.hideInText(s)) }

func (c *cleaner) attrs(list []slog.Attr) []slog.Attr {
	out := make([]slog.Attr, len(list))
	for i, a := range list {
		out[i] = c.attr(a)
	}
	return out
}

func (c *cleaner) attr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	if canHide(v) && c.keys.hide(a.Key) {
		return slog.String(c.encode(a.Key), Redacted)
	}
	return slog.Attr{Key: c.encode(a.Key), Value: c.value(v)}
}

// canHide says no for kinds that tell about a secret but cannot be one:
// has_password, token_ttl, cookie_expires.
func canHide(v slog.Value) bool {
	switch v.Kind() {
	case slog.KindBool, slog.KindDuration, slog.KindTime:
		return false
	}
	return true
}

func (c *cleaner) value(v slog.Value) slog.Value {
	switch v.Kind() {
	case slog.KindString:
		return slog.StringValue(c.text(v.String()))
	case slog.KindGroup:
		return slog.GroupValue(c.attrs(v.Group())...)
	case slog.KindAny:
		return slog.AnyValue(c.any(v.Any()))
	}
	return v
}

// any cleans what is of no basic kind. What shows nothing that is hidden stays
// as it is where the target would write just what was looked at.
func (c *cleaner) any(v any) (out any) {
	defer func() {
		if p := recover(); p != nil {
			// A method of the value panicked; its text may not be safe.
			out = fmt.Sprintf("!PANIC in %T", v)
		}
	}()
	switch v := v.(type) {
	case nil:
		return nil
	case error:
		return c.asText(v, v.Error())
	case *url.URL:
		return c.text(v.String())
	case url.URL:
		return c.text(v.String())
	case []byte:
		return c.text(string(v))
	case *slog.Source:
		return v
	}
	if text, ok := textOf(v); ok && c.target != stdJSON {
		return c.asText(v, text)
	}
	return c.asTree(v)
}

// textOf gives the text by which a value wants to be shown.
func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case encoding.TextMarshaler:
		text, err := v.MarshalText()
		return string(text), err == nil
	case fmt.Stringer:
		return v.String(), true
	}
	return "", false
}

// asText shows v by its text. A foreign target gets v itself when that is
// harmless in both forms: it may look for a type, errors above all.
func (c *cleaner) asText(v any, text string) any {
	cleaned := c.text(text)
	if c.target != foreign || cleaned != text {
		return cleaned
	}
	if _, changed, err := c.tree(v); changed || err != nil {
		return cleaned
	}
	return v
}

// asTree shows v by what its JSON holds.
func (c *cleaner) asTree(v any) any {
	tree, changed, err := c.tree(v)
	switch {
	case err != nil:
		return fmt.Sprintf("!ERROR: %T has no JSON form", v)
	case c.target == stdJSON && !changed:
		return v // keeps the order of fields
	}
	return tree
}

// tree gives what the JSON of v holds, cleaned, and whether that changed it.
func (c *cleaner) tree(v any) (tree any, changed bool, err error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, false, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		return nil, false, err
	}
	tree, changed = c.node(tree)
	return tree, changed, nil
}

// node cleans one node of a JSON tree in place.
func (c *cleaner) node(n any) (out any, changed bool) {
	switch n := n.(type) {
	case string:
		s := c.text(n)
		return s, s != n
	case []any:
		for i := range n {
			cleaned, ch := c.node(n[i])
			n[i], changed = cleaned, changed || ch
		}
	case map[string]any:
		return c.object(n)
	}
	return n, changed
}

// object cleans the names and values of a JSON object.
func (c *cleaner) object(n map[string]any) (out map[string]any, changed bool) {
	out = make(map[string]any, len(n))
	for key, v := range n {
		name := c.encode(key)
		cleaned, ch := c.member(key, v)
		out[name] = cleaned
		changed = changed || ch || name != key
	}
	return out, changed
}

func (c *cleaner) member(key string, v any) (out any, changed bool) {
	if _, isBool := v.(bool); v != nil && !isBool && c.keys.hide(key) {
		return Redacted, true
	}
	return c.node(v)
}
