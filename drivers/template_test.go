package drivers

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zbench/results"
)

func TestTemplate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "request.json")
	if err := os.WriteFile(file, []byte("{\"id\": {seq}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ payload, want string }{
		{"template:Hello", "Hello"},
		{"template:{seq}", "7"},
		{"template:Hello {seq}!", "Hello 7!"},
		{"template:{seq}{seq}", "77"},
		{`template:{"id": {seq}, "from": "c{client}", "x": {}}`, `{"id": 7, "from": "c2", "x": {}}`},
		{"template:{sec} {seq", "{sec} {seq"},
		{"template:@" + file, `{"id": 7}`},
	} {
		tpl, err := templateOf(c.payload)
		if err != nil {
			t.Fatal(err)
		}
		got := string(tpl.render(nil, 7, 2))
		if got != c.want || tpl.least() != len(c.want) || tpl.longest() < len(c.want) {
			t.Errorf("%s: %q of %d to %d bytes", c.payload, got, tpl.least(), tpl.longest())
		}
	}
	for _, payload := range []string{"template:", "template:@", "template:@/no/such/file"} {
		if _, err := templateOf(payload); err == nil {
			t.Errorf("%s: no error", payload)
		}
	}
	if tpl, err := templateOf("random"); tpl != nil || err != nil || tpl.longest() != 0 {
		t.Errorf("%v, %v", tpl, err)
	}
}

// TestTemplateAllocatesNothing: a body of its own for every message is no
// reason to allocate.
func TestTemplateAllocatesNothing(t *testing.T) {
	tpl := newTemplate([]byte("a{seq}b{client}c"))
	b := make([]byte, 0, tpl.longest())
	if n := testing.AllocsPerRun(100, func() { b = tpl.render(b[:0], 1<<63, 4000) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"", "{seq}", "{{seq}}", "{client}{seq}", "{se{seq}q}", "{seq"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want := strings.NewReplacer(seqMark, "5", clientMark, "3").Replace(text)
		if got := string(newTemplate([]byte(text)).render(nil, 5, 3)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

// TestResolveTemplate: the size follows from the template, and what zbench's own
// peers would take for damage is refused.
func TestResolveTemplate(t *testing.T) {
	cell := func(change func(*results.Cell)) results.Cell {
		c := NewCell()
		c.Pattern, c.Engine, c.Payload, c.Endpoints, c.Listen = "req-rep", "null", "template:Hello {seq}", []string{"tcp://127.0.0.1:5555"}, "peer"
		if change != nil {
			change(&c)
		}
		return c
	}
	c := cell(nil)
	for range 2 { // a resolved cell stays as it is
		if err := Resolve(&c); err != nil || c.Size != "7" || c.MeanSizeBytes != 7 {
			t.Fatalf("size %s, %v", c.Size, err)
		}
	}
	for want, change := range map[string]func(*results.Cell){
		"add connect or bind": func(c *results.Cell) { c.Endpoints, c.Listen = nil, "" },
		"leave size out":      func(c *results.Cell) { c.Size = "64" },
		"leave frames out":    func(c *results.Cell) { c.Frames = 2 },
		"is empty":            func(c *results.Cell) { c.Payload = TemplatePrefix },
	} {
		c := cell(change)
		if err := Resolve(&c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
