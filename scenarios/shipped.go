package scenarios

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed *.yaml
var shipped embed.FS

// Shipped returns the names of the scenarios that zbench brings along.
func Shipped() []string {
	entries, err := shipped.ReadDir(".")
	if err != nil {
		return nil
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = baseName(e.Name())
	}
	return names
}

// Source is the YAML of a shipped scenario; the error wraps ErrInvalid and
// suggests the nearest name.
func Source(name string) ([]byte, error) {
	b, err := shipped.ReadFile(name + ".yaml")
	if err != nil || strings.ContainsAny(name, "/\\") {
		return nil, mistake(Place{}, 0, fmt.Sprintf("no shipped scenario %q", name), Unknown(name, Shipped()))
	}
	return b, nil
}

// Load parses a shipped scenario.
func Load(name string) (*Spec, error) {
	b, err := Source(name)
	if err != nil {
		return nil, err
	}
	return Parse(name+".yaml", b)
}
