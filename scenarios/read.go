package scenarios

import (
	"fmt"
	"strings"
)

// The parts of a scenario, read from its nodes.

func readScalar(e entry) (string, error) {
	if e.value.kind != scalarNode || e.value.text == "" {
		return "", mistake(e.value.at, 1, fmt.Sprintf("%s is %s", e.key.text, describe(e.value)), "write one value after "+e.key.text+":")
	}
	return e.value.text, nil
}

func describe(n node) string {
	if n.kind == scalarNode && n.text == "" {
		return "empty"
	}
	if n.kind == emptyNode {
		return "empty"
	}
	return n.kind.String()
}

// readGroups takes a list of groups, or a single one.
func readGroups(fields []Field, n node) ([]Group, error) {
	items := []node{n}
	if n.kind == listNode {
		items = n.items
	}
	if n.kind == emptyNode || len(items) == 0 {
		return nil, mistake(n.at, 1, "matrix is empty", "write a list of groups, each a map of cell keys")
	}
	groups := make([]Group, 0, len(items))
	for _, item := range items {
		settings, thresholds, err := readSettings(fields, item, true)
		if err != nil {
			return nil, err
		}
		groups = append(groups, Group{settings, thresholds, item.at})
	}
	return groups, nil
}

// readSettings reads a map of cell keys; a group may also have thresholds.
func readSettings(fields []Field, n node, group bool) (settings []Setting, thresholds []Threshold, err error) {
	if n.kind != mapNode {
		return nil, nil, mistake(n.at, max(1, len(n.text)), "here stands "+describe(n)+" where a map of cell keys belongs", "write KEY: VALUE, such as transport: tcp, ipc")
	}
	for _, e := range n.entries {
		if group && e.key.text == "thresholds" {
			if thresholds, err = readThresholds(e.value); err != nil {
				return nil, nil, err
			}
			continue
		}
		s, err := readSetting(fields, e)
		if err != nil {
			return nil, nil, err
		}
		settings = append(settings, s)
	}
	return settings, thresholds, nil
}

func readSetting(fields []Field, e entry) (Setting, error) {
	f, ok := Find(fields, e.key.text)
	if !ok {
		mend := Unknown(e.key.text, keys(fields))
		if e.key.text == "thresholds" {
			mend = "put it beside defaults: or into a group of matrix:"
		}
		return Setting{}, mistake(e.key.at, len(e.key.text), fmt.Sprintf("unknown key %q", e.key.text), mend)
	}
	values, err := readValues(f, e)
	if err != nil {
		return Setting{}, err
	}
	for _, v := range values {
		c := newCell()
		if err := f.Apply(&c, v); err != nil {
			return Setting{}, err
		}
	}
	return Setting{f.Key, values}, nil
}

// readValues gives the values of a key: an item of a list is one value, and a
// scalar is split at its commas.
func readValues(f Field, e entry) ([]Value, error) {
	var values []Value
	switch e.value.kind {
	case scalarNode:
		values = f.Split(e.value.text, e.value.at)
	case listNode:
		for _, item := range e.value.items {
			if item.kind != scalarNode {
				return nil, mistake(item.at, 1, fmt.Sprintf("%s has %s in its list", e.key.text, describe(item)), "write plain values, such as [tcp, ipc]")
			}
			values = append(values, Value{item.text, item.at})
		}
	}
	if len(values) == 0 {
		return nil, mistake(e.value.at, 1, fmt.Sprintf("%s is %s", e.key.text, describe(e.value)), "write one value or a list of values")
	}
	for _, v := range values {
		if v.Text == "" {
			return nil, mistake(v.At, 1, fmt.Sprintf("%s has an empty value", e.key.text), "leave it out")
		}
	}
	return values, nil
}

// Split takes the values of this key apart.
func (f Field) Split(text string, at Place) []Value {
	values := Split(text, at)
	for i, v := range values {
		if f.Rest == "" || !strings.HasPrefix(v.Text, f.Rest) {
			continue
		}
		if begin := strings.Index(text, f.Rest); begin >= 0 {
			values[i].Text = strings.TrimSpace(text[begin:])
			return values[:i+1]
		}
	}
	return values
}

// Split takes "tcp, ipc" apart, each value at its own column.
func Split(text string, at Place) []Value {
	var values []Value
	offset := 0
	for _, part := range strings.Split(text, ",") {
		trimmed := strings.TrimSpace(part)
		place := at
		if at.Line > 0 {
			place.Column += len([]rune(text[:offset+strings.Index(part, trimmed)]))
			if strings.HasPrefix(sourceAt(at), `"`) || strings.HasPrefix(sourceAt(at), "'") {
				place.Column++
			}
		}
		values = append(values, Value{trimmed, place})
		offset += len(part) + 1
	}
	return values
}

func sourceAt(p Place) string {
	line := []rune(p.Source)
	if p.Column < 1 || p.Column > len(line) {
		return ""
	}
	return string(line[p.Column-1:])
}

func readThresholds(n node) ([]Threshold, error) {
	items := []node{n}
	if n.kind == listNode {
		items = n.items
	}
	var out []Threshold
	for _, item := range items {
		if item.kind != scalarNode {
			return nil, mistake(item.at, 1, "a threshold is "+describe(item), "write it like response.p99 < 2ms")
		}
		t, err := ParseThreshold(item.text)
		if err != nil {
			return nil, mistake(item.at, len(item.text), err.Error(), "")
		}
		out = append(out, t)
	}
	return out, nil
}

func keys(fields []Field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Key
	}
	return names
}
