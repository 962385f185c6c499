package registry

import (
	"fmt"
	"reflect"
	"strings"
)

// readNames reads what the column is called, and where it appears.
func readNames(c *Column, f reflect.StructField, tag jsonTag) (err error) {
	if c.Visibility, err = parseVisibility(f.Tag.Get("api")); err != nil {
		return err
	}
	if err := checkHidden(c.Visibility, tag); err != nil {
		return err
	}
	if !tag.skip {
		c.JSON = tag.nameOf(f)
		if err := checkJSONNameOf(c.JSON); err != nil {
			return err
		}
	}
	switch {
	case f.Tag.Get("db") != "":
		c.Name = f.Tag.Get("db")
	case tag.name != "":
		c.Name = tag.name
	default:
		c.Name = snake(f.Name)
	}
	if err := checkIdentifier(c.Name); err != nil {
		return fmt.Errorf("has a column name that is not allowed: it %w", err)
	}
	return nil
}

func checkHidden(v Visibility, tag jsonTag) error {
	switch {
	case v == Hidden && !tag.skip:
		return fmt.Errorf(`is api:"hidden" and needs json:"-" as well, or encoding/json would show it`)
	case v != Hidden && tag.skip:
		return fmt.Errorf(`is json:"-": add api:"hidden" for a column that no API shows, db:"-" for no column`)
	case tag.asString:
		return fmt.Errorf("has the json option string, which schemas cannot describe: leave it out")
	}
	return nil
}

// readType reads tag type, which makes a string a Decimal or overrides the SQL
// type.
func readType(c *Column, f reflect.StructField, _ jsonTag) (err error) {
	c.SQLType = f.Tag.Get("type")
	if c.SQLType == "" {
		return nil
	}
	if strings.ContainsAny(c.SQLType, "?;\x00") {
		return fmt.Errorf("has tag type:%q with a character that no SQL type has", c.SQLType)
	}
	precision, scale, decimal, err := parseDecimal(c.SQLType)
	if err != nil || !decimal {
		return err
	}
	if c.Kind != Text {
		return fmt.Errorf("has tag type:%q and must be a string, which holds decimals exactly, not a %s", c.SQLType, c.base)
	}
	c.Kind, c.precision, c.scale = Decimal, precision, scale
	return nil
}

func readRules(c *Column, f reflect.StructField, _ jsonTag) (err error) {
	c.Validate = f.Tag.Get("validate")
	if c.rules, err = parseRules(c.Validate); err != nil {
		return err
	}
	values, has := ruleParam(c.rules, "oneof")
	if has && c.Kind == Text {
		c.Kind, c.Enum = Enum, oneOf(values)
	}
	return nil
}

func readDefault(c *Column, f reflect.StructField, _ jsonTag) error {
	c.Default, c.HasDefault = f.Tag.Lookup("default")
	if !c.HasDefault {
		return nil
	}
	if _, err := c.parse(c.Default); err != nil {
		return fmt.Errorf("has tag default:%q, which is no value of it: %w", c.Default, err)
	}
	return nil
}

func readFlags(c *Column, f reflect.StructField, _ jsonTag) (err error) {
	if tag, ok := f.Tag.Lookup("unique"); ok {
		c.Unique = true
		if c.Global, err = parseUnique(tag); err != nil {
			return err
		}
	}
	c.Indexed, err = parseFlag(f, "index")
	return err
}

// readReference reads tag ref. A Ref[X] without one refers to X's table, which
// Validate finds.
func readReference(c *Column, f reflect.StructField, _ jsonTag) (err error) {
	tag, ok := f.Tag.Lookup("ref")
	if !ok {
		if c.base.Implements(refType) {
			c.Ref = &Reference{}
		}
		return nil
	}
	if c.Kind != UUID {
		return fmt.Errorf("has tag ref and must be a uuid.UUID or a registry.Ref, not a %s", c.base)
	}
	typed := c.base.Implements(refType)
	ref, err := parseRef(tag, typed)
	if err != nil {
		return err
	}
	if ref.OnDelete == SetNull && !c.Nullable {
		return fmt.Errorf("has tag ref:%q: setnull needs a pointer, which can be null", tag)
	}
	c.Ref = ref
	return nil
}

func readTexts(c *Column, f reflect.StructField) {
	c.Doc, c.Example = f.Tag.Get("doc"), f.Tag.Get("example")
	c.Deprecated, c.Was = f.Tag.Get("deprecated"), f.Tag.Get("was")
}
