package scenarios

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"zbench/drivers"
	"zbench/engines"
)

var update = flag.Bool("update", false, "write schema.json anew")

// TestSchema: the schema in the repository is that of the table.
func TestSchema(t *testing.T) {
	want, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("schema.json is not of this table; run go test ./scenarios -update")
	}
	var doc struct {
		Defs struct {
			Group struct{ Properties map[string]any }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(want, &doc); err != nil {
		t.Fatal(err)
	}
	for _, f := range Fields(nil) {
		if doc.Defs.Group.Properties[f.Key] == nil {
			t.Errorf("the schema has no %s", f.Key)
		}
	}
}

func TestShipped(t *testing.T) {
	want := []string{"broker", "fan-out", "hello-world", "interop", "patterns", "pipeline", "quickstart", "sizes", "soak", "tails", "transports"}
	if got := Shipped(); !slices.Equal(got, want) {
		t.Errorf("shipped are %v", got)
	}
	for _, name := range Shipped() {
		s, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if s.Name != name || s.Description == "" || strings.Contains(s.Description, "\n") {
			t.Errorf("%s: name %q, description %q", name, s.Name, s.Description)
		}
		cells, err := s.Expand(testFields, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			if c.Transport == "inproc" && c.MeanSizeBytes > 255 {
				t.Errorf("%s: %s over inproc has bodies of %s", name, c.Pattern, c.Size)
			}
		}
	}
}

// TestQuickstart is short and has two patterns over three transports.
func TestQuickstart(t *testing.T) {
	s, err := Load("quickstart")
	if err != nil {
		t.Fatal(err)
	}
	cells, err := s.Expand(testFields, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var total float64
	for _, c := range cells {
		seen[c.Pattern+" "+c.Engine+" "+c.Transport] = true
		total += (c.WarmupS + c.DurationS) * float64(s.Runs)
	}
	if len(seen) != 12 || total > (35*time.Second).Seconds() {
		t.Errorf("%d combinations in %g s", len(seen), total)
	}
}

// TestPatterns has every pattern over every transport.
func TestPatterns(t *testing.T) {
	s, err := Load("patterns")
	if err != nil {
		t.Fatal(err)
	}
	cells, err := s.Expand(testFields, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range cells {
		seen[c.Pattern+" "+c.Transport] = true
	}
	for _, p := range drivers.Patterns() {
		for _, transport := range engines.Transports() {
			if !seen[p+" "+transport] {
				t.Errorf("no %s over %s", p, transport)
			}
		}
	}
}

func TestUnknownScenario(t *testing.T) {
	if _, err := Load("quikstart"); err == nil || !strings.Contains(err.Error(), `did you mean "quickstart"?`) {
		t.Errorf("got %v", err)
	}
	if _, err := Load("../go"); err == nil {
		t.Error("a path is no name")
	}
}

// TestHelloWorld: the service in the scenario is the one that can be started
// by hand.
func TestHelloWorld(t *testing.T) {
	s, err := Load("hello-world")
	if err != nil {
		t.Fatal(err)
	}
	server, err := os.ReadFile("../scripts/peers/hello_server.py")
	if err != nil {
		t.Fatal(err)
	}
	if s.Target == nil || s.Target.Script != strings.TrimSpace(string(server)) {
		t.Error("the scenario's script is not scripts/peers/hello_server.py")
	}
}
