package scenarios

import (
	"encoding/json"
	"regexp"
	"strings"
)

// object is a piece of JSON schema; encoding/json sorts its keys.
type object = map[string]any

// Schema is the JSON schema (draft 2020-12) of scenario files, for editors.
// It is made from the table of fields.
func Schema() ([]byte, error) {
	settings := object{}
	for _, f := range Fields(nil) {
		settings[f.Key] = f.schema()
	}
	group := object{"thresholds": object{"$ref": "#/$defs/thresholds"}}
	for k, v := range settings {
		group[k] = v
	}
	doc := object{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "zbench scenario",
		"description":          "What zbench runs: a matrix of cells and what they must meet.",
		"type":                 "object",
		"additionalProperties": false,
		"properties": object{
			"name":        object{"type": "string", "pattern": safeName.String(), "description": "names the results; default: the file's name"},
			"description": object{"type": "string", "description": "what the scenario shows, for people"},
			"runs":        object{"type": []string{"integer", "string"}, "minimum": 1, "description": "repeats of every cell; default 1"},
			"seed":        object{"type": []string{"integer", "string"}, "minimum": 0, "description": "of payloads, Poisson arrivals and the order of runs; default 1"},
			"defaults":    closed(settings, "what all groups share; a group's own keys win"),
			"matrix": object{
				"description": "groups of cells; each is the cross product of its values",
				"anyOf":       []any{object{"type": "array", "minItems": 1, "items": object{"$ref": "#/$defs/group"}}, object{"$ref": "#/$defs/group"}},
			},
			"thresholds": object{"$ref": "#/$defs/thresholds"},
			"target":     targetSchema(),
			"refused":    object{"enum": refusedChoices, "description": "what becomes of cells that an engine refuses: the scenario does not start (fail, the default), or they are shown as refused (skip)"},
		},
		"$defs": object{
			"group": closed(group, "each key has one value or a list of values"),
			"thresholds": object{
				"description": "what every run must meet, such as response.p99 < 2ms",
				"anyOf":       []any{thresholdSchema(), object{"type": "array", "items": thresholdSchema()}},
			},
		},
	}
	b, err := json.MarshalIndent(doc, "", "  ")
	return append(b, '\n'), err
}

func closed(properties object, description string) object {
	return object{"type": "object", "additionalProperties": false, "properties": properties, "description": description}
}

// schema of a key: one value, a list, or a string of values with commas.
func (f Field) schema() object {
	one := object{"type": []string{"string", "number"}}
	anyOf := []any{one, object{"type": "array", "minItems": 1, "items": one}}
	if f.Values != nil {
		one = object{"enum": f.Values}
		word := "(" + alternatives(f.Values) + ")"
		anyOf = []any{one, object{"type": "array", "minItems": 1, "items": one},
			object{"type": "string", "pattern": "^" + word + "(\\s*,\\s*" + word + ")*$"}}
	}
	return object{"description": f.Doc, "examples": []string{f.Example}, "anyOf": anyOf}
}

func thresholdSchema() object {
	return object{"type": "string", "pattern": `^\s*(` + alternatives(figureNames()) + `)\s*(<=|>=|==|!=|<|>)\s*\S+\s*$`}
}

func alternatives(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = regexp.QuoteMeta(w)
	}
	return strings.Join(quoted, "|")
}
